/** Sprig's password functions: bcrypt, htpasswd and the Master Password algorithm. */
import { createHmac, hash, scryptSync } from 'node:crypto';
import { encodeBase64, hashSync } from 'bcryptjs';
import { define, FunctionError, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { price } from '../pki/price.ts';
import { decodeUtf8, isValidUtf8 } from '../text/utf8.ts';
import { type GoType, stringType, uint32Type } from '../types.ts';
import { GoInt, type Value } from '../value.ts';
import { text } from './arguments.ts';
import { passwordAlphabets, passwordTemplates } from './passwordtemplates.ts';

/** Untyped string constants convert to it, variables do not. */
const hashAlgorithmType: GoType = { kind: 'string', name: 'sprig.HashAlgorithm' };

export const passwordFunctions: readonly TemplateFunction[] = [
  define('bcrypt', [stringType], stringType, ([password], runtime) => bcrypt(text(password), runtime)),
  define('htpasswd', [stringType, stringType, hashAlgorithmType], stringType, htpasswd),
  define(
    'derivePassword',
    [uint32Type, stringType, stringType, stringType, stringType],
    stringType,
    ([counter, type, password, user, site], runtime) => {
      runtime.budget.charge(price.scrypt);
      const count = counter instanceof GoInt ? Number(counter.value) : 0;
      return derivePassword(count, text(type), text(password), text(user), text(site));
    },
  ),
];

const bcryptStart = '$2a$10$';
const bcryptSaltLength = 16;
const bcryptMaxPassword = 72;

/** As in sprig a failure is the result's text; only what the library cannot hash is an error. */
function bcrypt(password: string, runtime: FunctionRuntime): string {
  runtime.budget.charge(price.bcrypt);
  if (password.length > bcryptMaxPassword) {
    return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes';
  }
  if (!isValidUtf8(password)) throw new FunctionError('bcrypt takes only passwords in UTF-8');
  const salt = encodeBase64([...runtime.randomBytes(bcryptSaltLength)], bcryptSaltLength);
  return hashSync(decodeUtf8(password), bcryptStart + salt);
}

/** One line of an htpasswd file; any algorithm but "sha" means bcrypt. */
function htpasswd([user, password, algorithm]: readonly Value[], runtime: FunctionRuntime): Value {
  const name = text(user);
  if (name.includes(':')) return `invalid username: ${name}`;
  if (algorithm !== 'sha') return `${name}:${bcrypt(text(password), runtime)}`;
  return `${name}:{SHA}${hash('sha1', Buffer.from(text(password), 'latin1'), 'base64')}`;
}

const masterPasswordScope = 'com.lyndir.masterpassword';
const scryptCost = { N: 32_768, r: 8, p: 2, maxmem: 64 * 1024 * 1024 } as const;

/** The Master Password algorithm, version 0 with lengths in bytes: the same inputs always give the same password. */
function derivePassword(counter: number, type: string, password: string, user: string, site: string): string {
  const templates = passwordTemplates.get(type);
  if (templates === undefined) return `cannot find password template ${type}`;
  const salt = Buffer.concat([bytes(masterPasswordScope), lengthOf(user), bytes(user)]);
  const key = scryptSync(bytes(password), salt, 64, scryptCost);
  const message = Buffer.concat([bytes(masterPasswordScope), lengthOf(site), bytes(site), uint32(counter)]);
  const [first = 0, ...seed] = createHmac('sha256', key).update(message).digest();
  const template = templates[first % templates.length] ?? '';
  return Array.from(template, (kind, index) => {
    const alphabet = passwordAlphabets.get(kind) ?? '';
    return alphabet.charAt((seed[index] ?? 0) % alphabet.length);
  }).join('');
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function lengthOf(text: string): Buffer {
  return uint32(text.length);
}

function uint32(value: number): Buffer {
  const encoded = Buffer.alloc(4);
  encoded.writeUInt32BE(value);
  return encoded;
}
