/** What a Vault request is and how it is answered, for the Vault server of tests. */
import type { IncomingHttpHeaders } from 'node:http';

export interface VaultCall {
  /** `list` is a GET with `list=true`. */
  readonly operation: 'read' | 'list' | 'write' | 'delete';
  /** Below `/v1/`, decoded, without the namespace; that of a list ends with a slash. */
  readonly path: string;
  /** Without slashes around it; empty: the root. */
  readonly namespace: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly token: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it was sent: numbers keep their digits. */
  readonly text: string;
}

export interface VaultAnswer {
  readonly status: number;
  /** JSON as an object, or as text. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer other than yes. */
export class VaultFault extends Error {
  readonly status: number;
  readonly errors: readonly string[];

  constructor(status: number, ...errors: readonly string[]) {
    super(errors.join('; '));
    this.status = status;
    this.errors = errors;
  }
}

export const denied = (): VaultFault => new VaultFault(403, 'permission denied');
export const absent = (): VaultFault => new VaultFault(404);

/** The envelope that answers come in. */
export function envelope(members: object): VaultAnswer {
  const body = {
    request_id: crypto.randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...members,
  };
  return { status: 200, body };
}

export const noContent: VaultAnswer = { status: 204 };

/** A member that is text; empty where it is something else. */
export function text(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

/** A list, which Vault also takes as one text with commas. */
export function texts(body: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = body[name];
  if (typeof value === 'string') return value.split(',').filter((part) => part !== '');
  return Array.isArray(value) ? value.map(String) : [];
}

/** A duration, `30s`, `10m`, `2h` or seconds. */
export function seconds(body: Readonly<Record<string, unknown>>, name: string, otherwise: number): number {
  const [, amount, unit = 's'] = /^(\d+)([smh]?)$/.exec(`${body[name] as string | number | undefined}`) ?? [];
  if (amount === undefined) return otherwise;
  return Number(amount) * ({ s: 1, m: 60, h: 3_600 }[unit || 's'] ?? 1);
}
