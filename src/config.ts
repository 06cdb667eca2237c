/** The only reader of arguments and environment: turns them into frozen settings, once, at start. */
import type { FlagValues } from './flagset.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ControllerConfig {
  readonly metrics: MetricsConfig;
  readonly log: LogConfig;
  readonly liveAddress: string;
  readonly controllerClass: string;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly concurrent: number;
  readonly clientQps: number;
  readonly clientBurst: number;
  readonly leaderElection: LeaderElectionConfig;
  /** Replicas divide the ExternalSecrets among them. */
  readonly workSharing: boolean;
  readonly reconcilers: ReconcilerSwitches;
  readonly storeRequeueIntervalMs: number;
  readonly floodGate: boolean;
  readonly extendedMetricLabels: boolean;
  readonly allowGenericTargets: boolean;
  readonly template: TemplateConfig;
  readonly shutdownTimeoutMs: number;
  /** Absent: the webhook is a process of its own, or there is none. */
  readonly admission: AdmissionConfig | undefined;
  /** What providers may read of the environment: endpoints and the SDKs' default chains. */
  readonly environment: Environment;
}

export interface AdmissionConfig {
  readonly webhook: WebhookServerConfig;
  /** Absent: the certificate is somebody else's work. */
  readonly certificates: CertificatesConfig | undefined;
}

export interface MetricsConfig {
  readonly address: string;
  readonly secure: boolean;
  readonly auth: boolean;
  readonly certDir: string;
  readonly certName: string;
  readonly keyName: string;
}

export interface LogConfig {
  readonly level: string;
  readonly timeEncoding: string;
}

export interface LeaderElectionConfig {
  readonly enabled: boolean;
  readonly id: string;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

export interface ReconcilerSwitches {
  readonly secretStore: boolean;
  readonly clusterSecretStore: boolean;
  readonly clusterExternalSecret: boolean;
  readonly pushSecret: boolean;
  readonly clusterPushSecret: boolean;
}

export interface TemplateConfig {
  readonly leftDelimiter: string;
  readonly rightDelimiter: string;
  readonly maxOutputBytes: number;
  readonly maxSteps: number;
}

/** A setting that cannot work; the message says which flag and why. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError */
export function controllerConfig(values: FlagValues, environment: Environment): ControllerConfig {
  const read = reader(values);
  return Object.freeze({
    metrics: metricsConfig(values),
    log: logConfig(values),
    liveAddress: read.text('live-addr'),
    controllerClass: read.text('controller-class'),
    namespace: read.text('namespace') || undefined,
    concurrent: atLeast(1, 'concurrent', read.number('concurrent')),
    clientQps: read.number('client-qps'),
    clientBurst: read.number('client-burst'),
    leaderElection: leaderElectionConfig(values),
    workSharing: read.flag('enable-work-sharing'),
    reconcilers: {
      secretStore: read.flag('enable-secret-store-reconciler'),
      clusterSecretStore: read.flag('enable-cluster-store-reconciler'),
      clusterExternalSecret: read.flag('enable-cluster-external-secret-reconciler'),
      pushSecret: read.flag('enable-push-secret-reconciler'),
      clusterPushSecret: read.flag('enable-cluster-push-secret-reconciler'),
    },
    storeRequeueIntervalMs: read.number('store-requeue-interval'),
    floodGate: read.flag('enable-flood-gate'),
    extendedMetricLabels: read.flag('enable-extended-metric-labels'),
    allowGenericTargets: read.flag('unsafe-allow-generic-targets'),
    template: {
      leftDelimiter: read.text('template-left-delimiter'),
      rightDelimiter: read.text('template-right-delimiter'),
      maxOutputBytes: read.number('template-max-output-bytes'),
      maxSteps: read.number('template-max-steps'),
    },
    shutdownTimeoutMs: read.number('shutdown-timeout'),
    admission: read.flag('serve-webhook') ? admissionConfig(read, environment) : undefined,
    environment,
  });
}

/** Of a controller that is the webhook as well. @throws ConfigError */
function admissionConfig(read: Reader, environment: Environment): AdmissionConfig {
  return {
    webhook: servingConfig(read, environment, 'webhook-'),
    certificates: read.flag('webhook-manage-certificate') ? certificatesConfig(read, 'webhook-') : undefined,
  };
}

export function metricsConfig(values: FlagValues): MetricsConfig {
  const read = reader(values);
  const config = {
    address: read.text('metrics-addr'),
    secure: read.flag('metrics-secure'),
    auth: read.flag('metrics-auth'),
    certDir: read.text('metrics-cert-dir'),
    certName: read.text('metrics-cert-name'),
    keyName: read.text('metrics-key-name'),
  };
  if (config.auth && !config.secure) throw new ConfigError('--metrics-auth needs --metrics-secure');
  return config;
}

export function logConfig(values: FlagValues): LogConfig {
  const read = reader(values);
  return { level: read.text('loglevel'), timeEncoding: read.text('zap-time-encoding') };
}

function leaderElectionConfig(values: FlagValues): LeaderElectionConfig {
  const read = reader(values);
  const config = {
    enabled: read.flag('enable-leader-election'),
    id: read.text('leader-election-id'),
    leaseDurationMs: read.number('leader-election-lease-duration'),
    renewDeadlineMs: read.number('leader-election-renew-deadline'),
    retryPeriodMs: read.number('leader-election-retry-period'),
  };
  if (config.enabled && config.leaseDurationMs <= config.renewDeadlineMs) {
    throw new ConfigError('--leader-election-lease-duration must be longer than --leader-election-renew-deadline');
  }
  return config;
}

export interface WebhookConfig extends WebhookServerConfig {
  readonly metrics: MetricsConfig;
  readonly log: LogConfig;
  readonly healthAddress: string;
  readonly environment: Environment;
}

export interface WebhookServerConfig {
  readonly port: number;
  /** Undefined: all interfaces. */
  readonly host: string | undefined;
  readonly certificate: {
    readonly folder: string;
    readonly dnsName: string;
    readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
    /** OpenSSL names. */
    readonly ciphers: readonly string[];
    readonly checkIntervalMs: number;
    readonly lookaheadMs: number;
  };
}

/** @throws ConfigError */
export function webhookConfig(values: FlagValues, environment: Environment): WebhookConfig {
  const read = reader(values);
  return Object.freeze({
    ...servingConfig(read, environment),
    metrics: metricsConfig(values),
    log: logConfig(values),
    healthAddress: read.text('healthz-addr'),
    environment,
  });
}

/** @param prefix of the flags' names */
function servingConfig(read: Reader, environment: Environment, prefix = ''): WebhookServerConfig {
  return {
    port: read.number(`${prefix}port`),
    host: environment['WEBHOOK_HOST'],
    certificate: {
      folder: read.text(`${prefix}cert-dir`),
      dnsName: read.text(`${prefix}dns-name`),
      minVersion: tlsVersion(`${prefix}tls-min-version`, read),
      ciphers: read.list(`${prefix}tls-ciphers`).map(openSslName),
      checkIntervalMs: read.number(`${prefix}check-interval`),
      lookaheadMs: read.number(`${prefix}lookahead-interval`),
    },
  };
}

export interface CertControllerConfig extends CertificatesConfig {
  readonly metrics: MetricsConfig;
  readonly log: LogConfig;
  readonly healthAddress: string;
  readonly leaderElection: boolean;
  readonly environment: Environment;
}

export interface CertificatesConfig {
  readonly service: { readonly namespace: string; readonly name: string };
  /** By which the API server calls the webhook. */
  readonly dnsName: string;
  readonly secret: { readonly namespace: string; readonly name: string };
  /** Names of CRDs. */
  readonly definitions: readonly string[];
  readonly requeueIntervalMs: number;
}

/** @throws ConfigError */
export function certControllerConfig(values: FlagValues, environment: Environment): CertControllerConfig {
  const read = reader(values);
  return Object.freeze({
    ...certificatesConfig(read),
    metrics: metricsConfig(values),
    log: logConfig(values),
    healthAddress: read.text('healthz-addr'),
    leaderElection: read.flag('enable-leader-election'),
    environment,
  });
}

/** @param prefix of the flags' names */
function certificatesConfig(read: Reader, prefix = ''): CertificatesConfig {
  const service = { namespace: read.text(`${prefix}service-namespace`), name: read.text(`${prefix}service-name`) };
  return {
    service,
    dnsName: `${service.name}.${service.namespace}.svc`,
    secret: { namespace: read.text(`${prefix}secret-namespace`), name: read.text(`${prefix}secret-name`) },
    definitions: read.list(`${prefix}crd-names`),
    requeueIntervalMs: read.number(`${prefix}crd-requeue-interval`),
  };
}

function tlsVersion(flag: string, read: Reader): 'TLSv1.2' | 'TLSv1.3' {
  const text = read.text(flag);
  if (text === '1.2' || text === '1.3') return `TLSv${text}`;
  throw new ConfigError(`--${flag} must be 1.2 or 1.3, not "${text}"`);
}

/** Go's name of a cipher suite (`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`) in OpenSSL's words; those of TLS 1.3 are the same. */
function openSslName(goName: string): string {
  const [, exchange, cipher] = /^TLS_(ECDHE_(?:RSA|ECDSA)|RSA)_WITH_(.+)$/.exec(goName) ?? [];
  if (exchange === undefined || cipher === undefined) return goName;
  const suite = cipher
    .replace('CHACHA20_POLY1305_SHA256', 'CHACHA20-POLY1305')
    .replace(/^AES_(\d+)_(?:CBC_)?/, 'AES$1_');
  return [...(exchange === 'RSA' ? [] : [exchange]), suite].join('-').replaceAll('_', '-');
}

/** The environment of this process. */
export function processEnvironment(): Environment {
  return process.env;
}

interface Reader {
  text(name: string): string;
  number(name: string): number;
  flag(name: string): boolean;
  list(name: string): readonly string[];
}

/** The flag table gives every name its type; anything else is a mistake of this program. */
function reader(values: FlagValues): Reader {
  const wrongType = (name: string, type: string): never => {
    throw new ConfigError(`flag --${name} is not a ${type}`);
  };
  return {
    text(name) {
      const value = values.get(name);
      return typeof value === 'string' ? value : wrongType(name, 'string');
    },
    number(name) {
      const value = values.get(name);
      return typeof value === 'number' ? value : wrongType(name, 'number');
    },
    flag(name) {
      const value = values.get(name);
      return typeof value === 'boolean' ? value : wrongType(name, 'bool');
    },
    list(name) {
      const value = values.get(name);
      return typeof value === 'object' ? value : wrongType(name, 'list');
    },
  };
}

function atLeast(least: number, flag: string, value: number): number {
  if (value < least) throw new ConfigError(`--${flag} must be ${least} or more`);
  return value;
}
