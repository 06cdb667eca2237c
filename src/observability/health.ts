/** Liveness and readiness as endpoints: each check says in one line what is wrong. */
import type { Endpoint } from './server.ts';

/** Undefined when all is well. */
export type HealthCheck = () => string | undefined;

/** 200 `ok`, or 500 with a line for each check that failed. */
export function healthEndpoint(checks: readonly HealthCheck[]): Endpoint {
  return async () => {
    const problems = checks.flatMap((check) => check() ?? []);
    return problems.length === 0
      ? { status: 200, body: 'ok' }
      : { status: 500, body: `${problems.join('\n')}\n` };
  };
}
