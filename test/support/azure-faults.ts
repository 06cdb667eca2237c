/** Ways in which the Azure test server breaks, for all operations or for one. */
import { AzureFault } from './azure-wire.ts';

/** `gatewayThrottle`: somebody on the way refuses, without a body. */
export type AzureFaultKind =
  | 'deny'
  | 'throttle'
  | 'gatewayThrottle'
  | 'fail'
  | 'unavailable'
  | 'hang'
  | 'cutShort'
  | 'reset'
  | 'notJson';

export interface AzureFaultRule {
  readonly kind: AzureFaultKind;
  /** Such as `GetSecret` or `GetToken`; default: all. */
  readonly operation?: string;
  /** Lets so many calls pass first. */
  readonly after?: number;
  /** Heals by itself after so many calls. */
  readonly times?: number;
  readonly retryAfterMs?: number | undefined;
}

/** The rules that are in force; the first that fits a call breaks it. */
export class AzureFaults {
  #rules: { readonly rule: AzureFaultRule; ahead: number; left: number }[] = [];
  readonly #onHeal: () => void;

  /** @param onHeal lets hanging requests go */
  constructor(onHeal: () => void) {
    this.#onHeal = onHeal;
  }

  add(rule: AzureFaultRule): void {
    this.#rules.push({ rule, ahead: rule.after ?? 0, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** All is well again. */
  heal(): void {
    this.#rules = [];
    this.#onHeal();
  }

  /** The rule that breaks this call, counted as used. */
  take(operation: string): AzureFaultRule | undefined {
    const hit = this.#rules.find(({ rule, left }) => left > 0 && (rule.operation ?? operation) === operation);
    if (hit === undefined) return undefined;
    hit.ahead -= 1;
    if (hit.ahead >= 0) return undefined;
    hit.left -= 1;
    return hit.rule;
  }
}

const tokenOperations = new Set(['GetToken', 'GetOpenIdConfiguration']);

/** What Azure answers; undefined for faults that are no answer at all. */
export function faultOf(rule: AzureFaultRule, operation: string): AzureFault | undefined {
  const headers = rule.retryAfterMs === undefined ? {} : { 'retry-after': String(rule.retryAfterMs / 1_000) };
  return tokenOperations.has(operation) ? entraFault(rule, headers) : vaultFault(rule, headers);
}

function vaultFault({ kind }: AzureFaultRule, headers: Readonly<Record<string, string>>): AzureFault | undefined {
  switch (kind) {
    case 'deny':
      return new AzureFault(403, 'Forbidden', 'Caller is not authorized to perform action on resource.', {
        innerCode: 'ForbiddenByRbac',
      });
    case 'throttle': {
      const message = 'Request was not processed because too many requests were received.';
      return new AzureFault(429, 'Throttled', message, { innerCode: 'VaultRequestTypeLimitReached', headers });
    }
    case 'fail':
      return new AzureFault(500, 'InternalServerError', 'An internal server error has occurred.');
    case 'unavailable':
      return new AzureFault(503, 'ServiceUnavailable', 'The service is unavailable.', { headers });
    default:
      return undefined;
  }
}

function entraFault({ kind }: AzureFaultRule, headers: Readonly<Record<string, string>>): AzureFault | undefined {
  switch (kind) {
    case 'deny': {
      const message = "Access has been blocked by Conditional Access policies. The access policy doesn't allow tokens.";
      return new AzureFault(400, 'access_denied', message, { aadsts: 53003 });
    }
    case 'throttle':
      return new AzureFault(429, 'temporarily_unavailable', 'The request was throttled.', { aadsts: 90055, headers });
    case 'fail':
      return new AzureFault(500, 'server_error', 'A transient error has occurred.', { aadsts: 90033 });
    case 'unavailable':
      return new AzureFault(503, 'temporarily_unavailable', 'The service is unavailable.', { aadsts: 90033, headers });
    default:
      return undefined;
  }
}
