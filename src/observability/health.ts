/** Liveness and readiness as endpoints: each problem is a line that says what is wrong. */
import type { Endpoint } from './server.ts';

/** 200 `ok`, or 500 with the problems. */
export function healthEndpoint(problems: () => readonly string[]): Endpoint {
  return async () => {
    const found = problems();
    return found.length === 0 ? { status: 200, body: 'ok' } : { status: 500, body: `${found.join('\n')}\n` };
  };
}
