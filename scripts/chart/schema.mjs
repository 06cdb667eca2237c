// The JSON schema of the values: types follow from the defaults, but for those listed here.

const integerOrText = { type: ['integer', 'string', 'null'] };
const renderMode = { type: 'string', enum: ['skipIfMissing', 'failIfMissing', 'alwaysRender'] };
const percentage = { type: ['integer', 'null'], minimum: 1 };
const logLevel = { type: 'string', enum: ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal'] };
const extraArgs = {
  type: ['object', 'array', 'null'],
  additionalProperties: { type: ['string', 'number', 'integer', 'boolean', 'null'] },
  items: { type: 'string', pattern: '^-' },
};

/** By the end of the path. */
const special = {
  'global.compatibility.openshift.adaptSecurityContext': { type: 'string', enum: ['auto', 'force', 'disabled'] },
  hostUsers: { type: ['boolean', 'null'] },
  concurrent: { type: ['integer', 'null'], minimum: 0 },
  renderMode,
  extraArgs,
  'log.level': logLevel,
  failurePolicy: { type: 'string', enum: ['Fail', 'Ignore'] },
  targetCPUUtilizationPercentage: percentage,
  targetMemoryUtilizationPercentage: percentage,
  minReplicas: { type: 'integer', minimum: 1 },
  maxReplicas: { type: 'integer', minimum: 1 },
  replicaCount: { type: 'integer', minimum: 0 },
  minAvailable: integerOrText,
  maxUnavailable: integerOrText,
  'webhook.livenessProbe.port': { type: ['integer', 'string'] },
  'httpGet.port': { type: ['integer', 'string'] },
  sidecarLabelValue: { type: ['string', 'integer', 'boolean'] },
  'image.tag': { type: ['string', 'number'] },
  extraObjects: { type: 'array', items: { type: ['object', 'string'] } },
};

/** @param {ReturnType<import('./values.mjs').describedValues>} values */
export function schemaOf(values) {
  const root = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: {} };
  for (const { path, value, description } of values) {
    const parent = path.slice(0, -1).reduce((node, key) => node.properties[key], root);
    const schema = { ...(description !== '' && { description }), ...typeOf(path.join('.'), value) };
    parent.properties[path.at(-1)] = schema;
  }
  return root;
}

function typeOf(path, value) {
  const found = Object.entries(special).find(([end]) => path === end || path.endsWith(`.${end}`));
  if (found !== undefined) return found[1];
  if (Array.isArray(value)) return { type: 'array' };
  if (value !== null && typeof value === 'object')
    return Object.keys(value).length > 0 ? { type: 'object', properties: {} } : { type: 'object' };
  return { type: typeof value === 'number' ? 'integer' : typeof value };
}
