/** The only reader of arguments and environment: turns them into frozen settings, once, at start. */
import type { FlagValues } from './flagset.ts';

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
  readonly reconcilers: ReconcilerSwitches;
  readonly storeRequeueIntervalMs: number;
  readonly floodGate: boolean;
  readonly extendedMetricLabels: boolean;
  readonly allowGenericTargets: boolean;
  readonly template: TemplateConfig;
  readonly shutdownTimeoutMs: number;
  /** What providers may read of the environment: endpoints and the SDKs' default chains. */
  readonly environment: Readonly<Record<string, string | undefined>>;
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
export function controllerConfig(
  values: FlagValues,
  environment: Readonly<Record<string, string | undefined>>,
): ControllerConfig {
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
    environment,
  });
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

/** The environment of this process. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

interface Reader {
  text(name: string): string;
  number(name: string): number;
  flag(name: string): boolean;
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
  };
}

function atLeast(least: number, flag: string, value: number): number {
  if (value < least) throw new ConfigError(`--${flag} must be ${least} or more`);
  return value;
}
