/** Which object of a vault a key means: `[secret|cert|key]/name`. */
import { ProviderError } from '../../provider/errors.ts';

export type ObjectKind = 'secret' | 'cert' | 'key';

export interface ObjectName {
  readonly kind: ObjectKind;
  readonly name: string;
}

const kinds: readonly string[] = ['secret', 'cert', 'key'] satisfies readonly ObjectKind[];

/**
 * Without a kind it is a secret. What stands behind a second slash is not looked at, as in ESO 2.9.
 * @throws ProviderError `invalid` for a kind that does not exist and a name that no vault takes
 */
export function objectNameOf(key: string): ObjectName {
  const [first = '', second] = key.split('/');
  const { kind, name } = second === undefined ? { kind: 'secret', name: first } : { kind: first, name: second };
  if (!isKind(kind)) throw new ProviderError('invalid', `the key ${key} begins with none of secret/, cert/ and key/`);
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    throw new ProviderError('invalid', `${key} is no name of a vault: 1 to 127 letters, digits and dashes`);
  }
  return { kind, name };
}

function isKind(text: string): text is ObjectKind {
  return kinds.includes(text);
}
