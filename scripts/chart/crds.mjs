// The chart's CRD templates: the CRDs of crds/ with the switches of the values around them.

/** The values that a kind needs beyond installCRDs. */
const switches = {
  ClusterExternalSecret: 'createClusterExternalSecret',
  ClusterSecretStore: 'createClusterSecretStore',
  ClusterGenerator: 'createClusterGenerator',
  ClusterPushSecret: 'createClusterPushSecret',
  PushSecret: 'createPushSecret',
};

/** By path inside the chart. @param {readonly {name: string, text: string}[]} crds */
export function crdTemplates(crds) {
  const entries = crds.map(({ name, text }) => [`templates/crds/${name}`, crdTemplate(text)]);
  return Object.fromEntries([...entries, ['templates/_crds.tpl', annotationsTemplate]]);
}

/** A named template with the plurals of the namespaced generators, for RBAC. */
export function generatorPluralsTemplate(crds) {
  const plurals = crds
    .filter(({ name }) => name.startsWith('generators.'))
    .map(({ text }) => /^ {4}plural: (\S+)$/m.exec(text)?.[1])
    .filter((plural) => plural !== 'clustergenerators' && plural !== 'generatorstates');
  return [
    '{{/* Written by scripts/generate-chart.mjs. The generators that are read in namespaces. */}}',
    '{{- define "external-secrets.generatorPlurals" -}}',
    JSON.stringify(plurals),
    '{{- end -}}',
    '',
  ].join('\n');
}

function crdTemplate(text) {
  const kind = /^ {4}kind: (\S+)$/m.exec(text)?.[1];
  const creation = switches[kind];
  const condition = creation === undefined ? '.Values.installCRDs' : `and .Values.installCRDs .Values.crds.${creation}`;
  const body = withServedBeta(withAnnotations(escaped(text.replace(/^#.*\n/, ''))));
  return `{{- /* Written by scripts/generate-chart.mjs from crds/. */}}\n{{- if ${condition} }}\n${body}{{- end }}\n`;
}

/** Braces in descriptions are text. */
function escaped(text) {
  return text.replaceAll('{{', '{{ "{{" }}');
}

function withAnnotations(text) {
  const annotations = [
    'metadata:',
    '  {{- with (include "external-secrets.crdAnnotations" .) }}',
    '  annotations: {{- . | nindent 4 }}',
    '  {{- end }}',
  ].join('\n');
  return text.replace(/^metadata:$/m, annotations);
}

function withServedBeta(text) {
  return text.replace(/^( {2}- name: v1beta1\n {4}served: )true$/m, '$1{{ .Values.crds.unsafeServeV1Beta1 }}');
}

const annotationsTemplate = `{{/* Written by scripts/generate-chart.mjs. Annotations of every CRD. */}}
{{- define "external-secrets.crdAnnotations" -}}
{{- $annotations := dict -}}
{{- if .Values.crds.keep -}}
{{- $_ := set $annotations "helm.sh/resource-policy" "keep" -}}
{{- end -}}
{{- $certManager := .Values.webhook.certManager -}}
{{- if and .Values.crds.conversion.enabled $certManager.enabled $certManager.addInjectorAnnotations -}}
{{- $name := include "external-secrets.componentFullname" (dict "root" . "component" "webhook") -}}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" (include "external-secrets.namespace" .) $name) -}}
{{- end -}}
{{- with (merge (deepCopy .Values.crds.annotations) $annotations) }}{{ toYaml . }}{{ end -}}
{{- end -}}
`;
