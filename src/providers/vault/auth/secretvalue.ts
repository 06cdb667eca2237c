/** Credentials that are kept in Secrets. */
import { createHash } from 'node:crypto';
import type { ScopedObjects, SecretKeySelector } from '../../../provider/context.ts';

/** What never has blanks around it: files end with a line end, tokens do not. */
export async function tokenText(selector: SecretKeySelector, objects: ScopedObjects): Promise<string> {
  return (await secretText(selector, objects)).trim();
}

/** As it is: blanks may be part of a password. */
export async function secretText(selector: SecretKeySelector, objects: ScopedObjects): Promise<string> {
  return Buffer.from(await objects.secretKey(selector)).toString('utf8');
}

/** Stands for a secret in an identity. */
export function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
