/** The part of the contract suite about what a read answers: bytes, properties, maps. */
import { expect } from 'vitest';
import type { Abilities } from './backend.ts';
import type { Check } from './contractcase.ts';
import { canary, providerRejection, textOf } from './rejection.ts';

export function describeValues(check: Check, can: Abilities): void {
  describeBytes(check, can);
  describeProperties(check, can.missingProperty ?? 'invalid');
  describeMaps(check);
  if (can.plainValues !== false) describePlainValues(check);
  describeOddProperties(check, can.plainValues !== false);
}

function describeBytes(check: Check, can: Abilities): void {
  const maxBytes = can.maxBytes ?? 65_536;
  const values: Readonly<Record<string, Uint8Array>> = {
    'a word': Buffer.from('hunter2'),
    'text in many scripts': Buffer.from('pässwörd пароль 密码 🔑'),
    'trailing newlines': Buffer.from('line one\nline two\n\n'),
    'Windows line ends and tabs': Buffer.from('a\r\n\tb\r\n'),
    'text that looks like JSON': Buffer.from(' {"a" : 1.0} '),
    'a large value': Buffer.from('0123456789abcdef'.repeat(Math.floor(maxBytes / 16))),
    ...(can.emptyValues === false ? {} : { 'the empty value': new Uint8Array() }),
    ...(can.bytes === 'text' ? {} : binaryValues(maxBytes)),
  };
  for (const [what, value] of Object.entries(values)) {
    check(`hands ${what} over byte for byte, as often as it is asked`, async ({ backend, client, name, signal }) => {
      const { ref, property } = await backend.put(name, value);
      const secret = await client.read(ref, signal);
      expect(Buffer.from(secret.value(property)).equals(value)).toBe(true);
      expect(Buffer.from(secret.value(property)).equals(value)).toBe(true);
    });
  }
}

function binaryValues(maxBytes: number): Record<string, Uint8Array> {
  return {
    'null bytes': Uint8Array.of(0, 1, 0, 2, 0),
    'bytes that are not UTF-8': Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0x80),
    'every byte there is': Uint8Array.from({ length: maxBytes }, (_, index) => index % 256),
  };
}

const members = {
  user: 'app',
  password: canary,
  port: 5432,
  tls: true,
  database: { host: 'db.internal', names: ['a', 'b'] },
};

function describeProperties(check: Check, missing: 'invalid' | 'notFound'): void {
  check('picks properties, deep ones by a path with dots', async ({ backend, client, name, signal }) => {
    const secret = await client.read(await backend.putMap(name, members), signal);
    expect(textOf(secret.value('user'))).toBe('app');
    expect(textOf(secret.value('port'))).toBe('5432');
    expect(textOf(secret.value('tls'))).toBe('true');
    expect(textOf(secret.value('database.host'))).toBe('db.internal');
    expect(textOf(secret.value('database.names.1'))).toBe('b');
  });

  check('answers the whole as JSON when no property is asked for', async ({ backend, client, name, signal }) => {
    const secret = await client.read(await backend.putMap(name, { user: 'app', password: canary }), signal);
    expect(JSON.parse(textOf(secret.value(undefined)))).toEqual({ user: 'app', password: canary });
  });

  check('refuses a property that is not there, and names it', async ({ backend, client, name, signal }) => {
    const secret = await client.read(await backend.putMap(name, members), signal);
    const error = await providerRejection(async () => secret.value('absent'));
    expect(error.kind).toBe(missing);
    expect(error.message).toContain('absent');
  });
}

function describeMaps(check: Check): void {
  check('answers all keys of a map', async ({ backend, client, name, signal }) => {
    const secret = await client.read(await backend.putMap(name, members), signal);
    const texts = Object.fromEntries(Array.from(secret.map(undefined), ([key, value]) => [key, textOf(value)]));
    expect(Object.keys(texts).sort()).toEqual(Object.keys(members).sort());
    expect(texts).toMatchObject({ user: 'app', password: canary, port: '5432', tls: 'true' });
    expect(JSON.parse(texts['database'] ?? '')).toEqual(members.database);
  });
}

function describePlainValues(check: Check): void {
  check('takes a plain value neither for a map nor for a JSON object', async ({ backend, client, name, signal }) => {
    const { ref } = await backend.put(name, Buffer.from(canary));
    const secret = await client.read(ref, signal);
    expect((await providerRejection(async () => secret.map(undefined))).kind).toBe('invalid');
    await providerRejection(async () => secret.value('user'));
  });
}

function describeOddProperties(check: Check, hasPlainValues: boolean): void {
  check('never repeats a value in an error about a property', async ({ backend, client, name, signal }) => {
    // A JSON parser's own message quotes what it could not read.
    const { ref } = await backend.put(name, Buffer.from(hasPlainValues ? `{"broken": "${canary}` : canary));
    const secret = await client.read(ref, signal);
    for (const property of ['x', 'broken', 'broken.deeper', '#', '..', '[', '@bad', '{', '\\', '#(']) {
      await answerOrRejection(async () => secret.value(property));
      await answerOrRejection(async () => secret.map(property));
    }
  });
}

/** Either is fine; a rejection must be a clean one. */
async function answerOrRejection(run: () => Promise<unknown>): Promise<void> {
  const refused = await run().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (refused !== undefined) await providerRejection(async () => Promise.reject(refused.error));
}
