/** The flags of `external-secrets`: one table from which parsing, defaults and `--help` come. */

export type FlagType = 'string' | 'bool' | 'int' | 'float' | 'duration' | 'list';

export interface Flag {
  readonly name: string;
  readonly type: FlagType;
  /** In the flag's own syntax. */
  readonly default: string;
  readonly description: string;
  /** Another name with the same meaning. */
  readonly alias?: string;
}

const accepted = 'accepted for compatibility, does nothing here';

const metricsFlags: readonly Flag[] = [
  {
    name: 'metrics-addr',
    type: 'string',
    default: ':8080',
    description: 'address of the metrics endpoint; 0 turns it off',
  },
  { name: 'metrics-secure', type: 'bool', default: 'false', description: 'serve metrics over TLS' },
  {
    name: 'metrics-auth',
    type: 'bool',
    default: 'false',
    description: 'ask the API server who may read metrics; needs --metrics-secure',
  },
  { name: 'metrics-cert-dir', type: 'string', default: '', description: 'folder of the metrics certificate' },
  { name: 'metrics-cert-name', type: 'string', default: 'tls.crt', description: 'file of the metrics certificate' },
  {
    name: 'metrics-key-name',
    type: 'string',
    default: 'tls.key',
    description: "file of the metrics certificate's key",
  },
];

const logFlags: readonly Flag[] = [
  {
    name: 'loglevel',
    type: 'string',
    default: 'info',
    description: 'debug, info, warn, error, dpanic, panic or fatal',
  },
  {
    name: 'zap-time-encoding',
    type: 'string',
    default: 'epoch',
    description: 'epoch, millis, nano, iso8601, rfc3339 or rfc3339nano',
  },
];

/** How admission calls are answered. */
const servingFlags: readonly Flag[] = [
  { name: 'port', type: 'int', default: '10250', description: 'port of the admission webhook' },
  {
    name: 'dns-name',
    type: 'string',
    default: 'localhost',
    description: 'name that the certificate must be valid for',
  },
  {
    name: 'cert-dir',
    type: 'string',
    default: '/tmp/k8s-webhook-server/serving-certs',
    description: 'folder of tls.crt, tls.key and ca.crt',
  },
  { name: 'check-interval', type: 'duration', default: '5m', description: 'time between checks of the certificate' },
  {
    name: 'lookahead-interval',
    type: 'duration',
    default: '2160h',
    description: 'warn when the certificate ends within this time',
  },
  {
    name: 'tls-ciphers',
    type: 'list',
    default: '',
    description: 'cipher suites, separated by commas; empty: the defaults',
  },
  { name: 'tls-min-version', type: 'string', default: '1.2', description: 'lowest TLS version' },
];

/** Where the certificate for admission calls is kept, and who must know its CA. */
const certificateFlags: readonly Flag[] = [
  { name: 'service-name', type: 'string', default: 'external-secrets-webhook', description: "the webhook's Service" },
  { name: 'service-namespace', type: 'string', default: 'default', description: "namespace of the webhook's Service" },
  {
    name: 'secret-name',
    type: 'string',
    default: 'external-secrets-webhook',
    description: 'the Secret with the certificate',
  },
  { name: 'secret-namespace', type: 'string', default: 'default', description: 'namespace of that Secret' },
  {
    name: 'crd-names',
    type: 'list',
    default:
      'externalsecrets.external-secrets.io,clustersecretstores.external-secrets.io,secretstores.external-secrets.io',
    description: 'CRDs to look after',
  },
  { name: 'crd-requeue-interval', type: 'duration', default: '5m', description: 'time between checks' },
];

/** The same flag for a controller that is the webhook as well. */
function ofWebhook({ name, description, ...flag }: Flag): Flag {
  return { ...flag, name: `webhook-${name}`, description: `with --serve-webhook: ${description}` };
}

/** All flags of ESO 2.9's controller with their meaning, and ours. */
export const controllerFlags: readonly Flag[] = [
  ...metricsFlags,
  ...logFlags,
  { name: 'live-addr', type: 'string', default: ':8082', description: 'address of /healthz and /readyz' },
  {
    name: 'serve-webhook',
    type: 'bool',
    default: 'false',
    description: 'answer admission calls as well, so that no Deployment of the webhook is needed',
  },
  {
    name: 'webhook-manage-certificate',
    type: 'bool',
    default: 'true',
    description: 'with --serve-webhook: keep its certificate as well; false: cert-manager does',
  },
  ...[...servingFlags, ...certificateFlags].map(ofWebhook),
  {
    name: 'controller-class',
    type: 'string',
    default: 'default',
    description: 'serve stores whose spec.controller is empty or this',
  },
  { name: 'namespace', type: 'string', default: '', description: 'work in this namespace only; empty: in all' },
  {
    name: 'concurrent',
    alias: 'max-concurrent-reconciles',
    type: 'int',
    default: '20',
    description: 'workers of each controller',
  },
  { name: 'client-qps', type: 'float', default: '0', description: 'most API requests per second; 0: no limit' },
  {
    name: 'client-burst',
    type: 'int',
    default: '0',
    description: 'API requests beyond client-qps at once; 0: as many as client-qps',
  },
  {
    name: 'enable-leader-election',
    type: 'bool',
    default: 'false',
    description: 'only the replica that holds the lease works',
  },
  {
    name: 'leader-election-id',
    type: 'string',
    default: 'external-secrets-controller',
    description: 'name of the lease',
  },
  {
    name: 'leader-election-lease-duration',
    type: 'duration',
    default: '15s',
    description: 'how long a lease holds without renewal',
  },
  {
    name: 'leader-election-renew-deadline',
    type: 'duration',
    default: '10s',
    description: 'the leader gives up when it cannot renew for so long',
  },
  {
    name: 'leader-election-retry-period',
    type: 'duration',
    default: '2s',
    description: 'time between tries to get or renew the lease',
  },
  {
    name: 'enable-work-sharing',
    type: 'bool',
    default: 'false',
    description: 'divide the ExternalSecrets among all replicas; without effect under leader election',
  },
  { name: 'enable-secret-store-reconciler', type: 'bool', default: 'true', description: 'reconcile SecretStores' },
  {
    name: 'enable-cluster-store-reconciler',
    type: 'bool',
    default: 'true',
    description: 'reconcile ClusterSecretStores',
  },
  {
    name: 'enable-cluster-external-secret-reconciler',
    type: 'bool',
    default: 'true',
    description: 'reconcile ClusterExternalSecrets',
  },
  { name: 'enable-push-secret-reconciler', type: 'bool', default: 'true', description: 'reconcile PushSecrets' },
  {
    name: 'enable-cluster-push-secret-reconciler',
    type: 'bool',
    default: 'true',
    description: 'reconcile ClusterPushSecrets',
  },
  { name: 'store-requeue-interval', type: 'duration', default: '5m', description: 'time between checks of a store' },
  {
    name: 'enable-flood-gate',
    alias: 'enable-flood-protection',
    type: 'bool',
    default: 'true',
    description: 'hold ExternalSecrets back while their store is not ready',
  },
  {
    name: 'enable-extended-metric-labels',
    type: 'bool',
    default: 'false',
    description: 'label metrics with app.kubernetes.io/* of the resource',
  },
  {
    name: 'unsafe-allow-generic-targets',
    type: 'bool',
    default: 'false',
    description: 'allow targets that are not Secrets',
  },
  { name: 'template-left-delimiter', type: 'string', default: '{{', description: 'opens an action in templates' },
  { name: 'template-right-delimiter', type: 'string', default: '}}', description: 'closes an action in templates' },
  {
    name: 'template-max-output-bytes',
    type: 'int',
    default: '4194304',
    description: 'the most that one template may render',
  },
  {
    name: 'template-max-steps',
    type: 'int',
    default: '5000000',
    description: 'evaluation steps after which a template is stopped',
  },
  {
    name: 'enable-generator-state',
    type: 'bool',
    default: 'true',
    description: 'keep the state of generators that need cleaning up',
  },
  {
    name: 'generator-gc-grace-period',
    type: 'duration',
    default: '2m',
    description: 'how long replaced generator states are kept',
  },
  {
    name: 'shutdown-timeout',
    type: 'duration',
    default: '25s',
    description: 'how long running syncs may take to end at shutdown',
  },
  { name: 'enable-http2', type: 'bool', default: 'false', description: accepted },
  {
    name: 'enable-secrets-caching',
    type: 'bool',
    default: 'false',
    description: `${accepted}: no Secret's data is cached`,
  },
  { name: 'enable-configmaps-caching', type: 'bool', default: 'false', description: accepted },
  {
    name: 'enable-managed-secrets-caching',
    type: 'bool',
    default: 'true',
    description: `${accepted}: managed Secrets are watched, their data is not kept`,
  },
  { name: 'enable-secret-api-read-on-cache-mismatch', type: 'bool', default: 'true', description: accepted },
  {
    name: 'enable-vault-token-cache',
    type: 'bool',
    default: 'false',
    description: `${accepted}: tokens are always shared`,
  },
  { name: 'vault-token-cache-size', type: 'int', default: '262144', description: accepted },
  { name: 'experimental-enable-vault-token-cache', type: 'bool', default: 'false', description: accepted },
  { name: 'experimental-vault-token-cache-size', type: 'int', default: '262144', description: accepted },
  { name: 'doppler-etag-cache-size', type: 'int', default: '16384', description: accepted },
  { name: 'experimental-enable-doppler-oidc-cache', type: 'bool', default: 'false', description: accepted },
  { name: 'experimental-doppler-oidc-cache-size', type: 'int', default: '262144', description: accepted },
  { name: 'mysterybox-tokens-cache-size', type: 'int', default: '0', description: accepted },
  { name: 'mysterybox-connections-cache-size', type: 'int', default: '0', description: accepted },
];

/** The flags of `webhook`, as ESO 2.9's. */
export const webhookFlags: readonly Flag[] = [
  ...metricsFlags,
  ...logFlags,
  ...servingFlags,
  { name: 'healthz-addr', type: 'string', default: ':8081', description: 'address of /healthz and /readyz' },
  { name: 'enable-http2', type: 'bool', default: 'false', description: accepted },
];

/** The flags of `certcontroller`, as ESO 2.9's. */
export const certControllerFlags: readonly Flag[] = [
  ...metricsFlags,
  ...logFlags,
  ...certificateFlags,
  { name: 'healthz-addr', type: 'string', default: ':8081', description: 'address of /healthz and /readyz' },
  { name: 'enable-partial-cache', type: 'bool', default: 'false', description: accepted },
  {
    name: 'enable-leader-election',
    type: 'bool',
    default: 'false',
    description: 'only the replica that holds the lease works',
  },
  { name: 'enable-http2', type: 'bool', default: 'false', description: accepted },
];
