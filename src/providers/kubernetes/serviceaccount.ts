/** Being a ServiceAccount of this cluster elsewhere: a token by the TokenRequest API, shared and renewed in time. */
import type { ServiceAccountSelector } from '../../api/refs.ts';
import type { ConnectContext, Session } from '../../provider/context.ts';

/** The `Authorization` header. */
export interface Authorization {
  header(): string | undefined | Promise<string | undefined>;
  /** The server answered 401. */
  refused(): void;
}

/** As the API server's own default; it may give less. */
const expirationSeconds = 3_600;

/** Looks the ServiceAccount up now, so that the wall between namespaces is passed while connecting, and nowhere else. */
export async function serviceAccountAuthorization(
  selector: ServiceAccountSelector,
  { objects, sessions, signal }: ConnectContext,
): Promise<Authorization> {
  const { namespace, name, uid } = await objects.serviceAccount(selector);
  const audiences = selector.audiences ?? [];
  const key = `kubernetes token ${JSON.stringify([namespace, name, uid, audiences])}`;
  let last: string | undefined;

  async function request(): Promise<Session<string>> {
    const { token, expiresAtMs } = await objects.serviceAccountToken({
      serviceAccount: { namespace, name },
      audiences,
      expirationSeconds,
    });
    return { value: token, expiresAtMs };
  }

  return {
    async header() {
      last = await sessions.get(key, request, signal);
      return `Bearer ${last}`;
    },
    refused: () => sessions.drop(key, last),
  };
}
