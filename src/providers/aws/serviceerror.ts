/** A refusal by AWS, in its own words and without what the SDK hangs onto its errors. */
import { z } from 'zod';

export interface AwsServiceErrorOptions {
  /** Such as `ResourceNotFoundException`; absent when something in between answered. */
  readonly code?: string | undefined;
  /** Of HTTP. */
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

export class AwsServiceError extends Error {
  override readonly name = 'AwsServiceError';
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { code, status, retryAfterMs }: AwsServiceErrorOptions) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

const Thrown = z.object({
  name: z.string(),
  message: z.string().default(''),
  $fault: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
  $response: z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()) }).optional(),
});

/** What the SDK throws, once there was an answer; undefined for anything else. */
export function serviceErrorOf(thrown: unknown): AwsServiceError | undefined {
  if (thrown instanceof AwsServiceError) return thrown;
  const { data } = Thrown.safeParse(membersOf(thrown));
  if (data === undefined || (data.$fault === undefined && data.$response === undefined)) return undefined;
  const { name, message, $fault, $metadata, $response } = data;
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  const retryAfterMs = secondsMs($response?.headers['retry-after']);
  // Without a fault the answer was none of AWS's: the parser's message would quote it.
  if ($fault === undefined) return new AwsServiceError('the answer could not be understood', { status, retryAfterMs });
  return new AwsServiceError(message || name, { code: name, status, retryAfterMs });
}

/** For operations that carry a value: AWS repeats, in quotes, what it was sent and did not like. */
export async function quietly<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (thrown) {
    const error = serviceErrorOf(thrown);
    if (error === undefined) throw thrown;
    throw new AwsServiceError(error.message.replace(/(['"])[^]*\1/, '$1…$1'), error);
  }
}

/** The SDK's members are not all enumerable. */
function membersOf(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return undefined;
  const { name, message } = thrown;
  const at = (key: string): unknown => (key in thrown ? Reflect.get(thrown, key) : undefined);
  return { name, message, $fault: at('$fault'), $metadata: at('$metadata'), $response: at('$response') };
}

/** AWS writes seconds, never a date. */
function secondsMs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : undefined;
}
