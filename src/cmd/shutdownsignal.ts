/** From the signals of the operating system to one that code can wait for. */
import { ShutdownError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function shutdownSignal(log: Logger): AbortSignal {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    log.info({ signal: name }, 'shutting down');
    controller.abort(new ShutdownError());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return controller.signal;
}
