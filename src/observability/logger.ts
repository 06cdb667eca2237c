/** JSON logs by pino, in the shape of ESO's (zap): level, ts, logger fields, msg. */
import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import type { LogConfig } from '../config.ts';
import type { Logger } from '../runtime/logger.ts';

/** Names under which a secret could slip into a line by mistake; the types make it unlikely, this makes it harmless. */
const redactedPaths = ['data', 'stringData', 'value', 'values', 'token', 'password', 'secret', 'credentials'].flatMap(
  (name) => [name, `*.${name}`],
);

const levels: Readonly<Record<string, string>> = {
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  dpanic: 'error',
  panic: 'fatal',
  fatal: 'fatal',
};

/** @param destination default: standard error, as ESO's */
export function createLogger(config: LogConfig, destination: DestinationStream = pino.destination(2)): Logger {
  const options = {
    level: levels[config.level] ?? 'info',
    base: null,
    messageKey: 'msg',
    timestamp: timestampOf(config.timeEncoding),
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: printError },
    redact: { paths: redactedPaths, censor: '[redacted]' },
  };
  const root = pino(options, destination);
  return adapt(() => root);
}

/**
 * The message alone, as ESO's logs have it: causes may quote what a backend or a template was given. A bug of this
 * program comes with the place where it happened.
 */
function printError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return isBug(error) ? (error.stack ?? error.message) : error.message;
}

function isBug(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

/** @param open called with the first line: most children, one a reconcile, never write any */
function adapt(open: () => Pino): Logger {
  let opened: Pino | undefined;
  const logger = (): Pino => {
    opened ??= open();
    return opened;
  };
  return {
    debug: (fields, message) => logger().debug(fields, message),
    info: (fields, message) => logger().info(fields, message),
    warn: (fields, message) => logger().warn(fields, message),
    error: (fields, message) => logger().error(fields, message),
    child: (fields) => adapt(() => logger().child(fields)),
  };
}

/** The encodings of `--zap-time-encoding`. */
function timestampOf(encoding: string): () => string {
  switch (encoding) {
    case 'millis':
      return () => `,"ts":${Date.now()}`;
    case 'nano':
      return () => `,"ts":${Date.now()}000000`;
    case 'iso8601':
    case 'rfc3339':
    case 'rfc3339nano':
      return () => `,"ts":"${new Date().toISOString()}"`;
    default:
      return () => `,"ts":${Date.now() / 1000}`;
  }
}
