// The chart's README: how to install it, and every value.

/** @param {ReturnType<import('./values.mjs').describedValues>} values */
export function readmeOf(values) {
  const rows = values.filter(isLeaf).map(rowOf);
  return [introduction, '| value | default | |', '|---|---|---|', ...rows, ''].join('\n');
}

function isLeaf({ value, description }) {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;
  return !isMap || description !== '';
}

function rowOf({ path, value, description }) {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;
  const shown = isMap ? '' : `\`${JSON.stringify(value)}\``;
  return `| \`${path.join('.')}\` | ${shown.replaceAll('|', '\\|')} | ${description.replaceAll('|', '\\|')} |`;
}

const introduction = `<!-- Written by scripts/generate-chart.mjs from values.yaml. -->
# external-secrets

Installs the operator, its admission webhook and its CRDs. The values, names and labels are those of External Secrets
Operator's own chart, so a release of that one can be upgraded to this one; what is added is \`autoscaling\`,
\`prometheusRule\`, \`crds.keep\`, \`podDisruptionBudget.maxUnavailable\`, and lists in \`extraArgs\`.

    helm install external-secrets charts/external-secrets --namespace external-secrets --create-namespace
`;
