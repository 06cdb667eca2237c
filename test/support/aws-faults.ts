/** Ways in which the AWS test server breaks, for all operations or for one. */
import { AwsFault } from './aws-wire.ts';

export type AwsFaultKind =
  | 'deny'
  | 'throttle'
  | 'fail'
  | 'unavailable'
  | 'hang'
  | 'cutShort'
  | 'reset'
  | 'expiredToken'
  | 'notJson';

export interface AwsFaultRule {
  readonly kind: AwsFaultKind;
  /** Such as `GetSecretValue`; default: all, also those of STS. */
  readonly operation?: string;
  /** Heals by itself after so many calls. */
  readonly times?: number;
  readonly retryAfterMs?: number | undefined;
}

/** The rules that are in force; the first that fits a call breaks it. */
export class AwsFaults {
  #rules: { readonly rule: AwsFaultRule; left: number }[] = [];
  readonly #onHeal: () => void;

  /** @param onHeal lets hanging requests go */
  constructor(onHeal: () => void) {
    this.#onHeal = onHeal;
  }

  add(rule: AwsFaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** All is well again. */
  heal(): void {
    this.#rules = [];
    this.#onHeal();
  }

  /** The rule that breaks this call, counted as used. */
  take(operation: string): AwsFaultRule | undefined {
    const hit = this.#rules.find(({ rule, left }) => left > 0 && (rule.operation ?? operation) === operation);
    if (hit === undefined) return undefined;
    hit.left -= 1;
    return hit.rule;
  }
}

/** What AWS answers; undefined for faults that are no answer at all. */
export function faultOf(rule: AwsFaultRule): AwsFault | undefined {
  switch (rule.kind) {
    case 'deny':
      return new AwsFault('AccessDeniedException', 'User: arn:aws:iam::123456789012:user/tester is not authorized');
    case 'throttle':
      return new AwsFault('ThrottlingException', 'Rate exceeded', { retryAfterMs: rule.retryAfterMs });
    case 'fail':
      return new AwsFault('InternalServiceError', 'An error occurred on the server side.', { status: 500 });
    case 'unavailable':
      return new AwsFault('ServiceUnavailable', 'Service is unable to handle request.', { status: 503 });
    case 'expiredToken':
      return new AwsFault('ExpiredTokenException', 'The security token included in the request is expired');
    default:
      return undefined;
  }
}
