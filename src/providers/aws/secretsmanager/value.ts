/** The current value of a secret that is pushed to. */
import { randomUUID } from 'node:crypto';
import { ifThere } from '../ifthere.ts';
import { utf8Of } from '../pushvalue.ts';
import type { SecretsManagerApi } from './api.ts';

export type Format = 'binary' | 'string';

export interface PresentValue {
  readonly bytes: Uint8Array;
  readonly format: Format;
}

/** Undefined when there is none that can be read. */
export async function currentValue(
  api: SecretsManagerApi,
  name: string,
  signal: AbortSignal,
): Promise<PresentValue | undefined> {
  const answer = await ifThere(api.getSecretValue({ SecretId: name, VersionStage: 'AWSCURRENT' }, signal));
  if (answer?.SecretString !== undefined) return { bytes: Buffer.from(answer.SecretString), format: 'string' };
  return answer?.SecretBinary === undefined ? undefined : { bytes: answer.SecretBinary, format: 'binary' };
}

export async function putValue(
  api: SecretsManagerApi,
  name: string,
  { bytes, format }: PresentValue,
  signal: AbortSignal,
): Promise<void> {
  // One token for all attempts: AWS makes one version of them.
  const input = { SecretId: name, ClientRequestToken: randomUUID(), ...valueInput(name, bytes, format) };
  await api.putSecretValue(input, signal);
}

/** @throws ProviderError `invalid` for bytes that are no text, where text is wanted */
export function valueInput(
  name: string,
  bytes: Uint8Array,
  format: Format,
): { SecretString: string } | { SecretBinary: Uint8Array } {
  return format === 'string' ? { SecretString: utf8Of(name, bytes) } : { SecretBinary: bytes };
}
