/** Credentials as text: files end with a line end, credentials do not. */
import type { ScopedObjects, SecretKeySelector } from '../../../provider/context.ts';

export async function secretText(objects: ScopedObjects, selector: SecretKeySelector): Promise<string> {
  const bytes = await objects.secretKey(selector);
  return Buffer.from(bytes).toString('utf8').trim();
}

export async function optionalSecretText(
  objects: ScopedObjects,
  selector: SecretKeySelector | undefined,
): Promise<string | undefined> {
  return selector === undefined ? undefined : secretText(objects, selector);
}
