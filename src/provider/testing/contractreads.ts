/** The part of the contract suite about reading: what is not there, many at once, versions. */
import { expect } from 'vitest';
import type { RemoteSecret } from '../provider.ts';
import type { Abilities, ContractBackend } from './backend.ts';
import type { Check, ContractCase } from './contractcase.ts';
import { canary, providerRejection, textOf } from './rejection.ts';

export function describeReads(check: Check, can: Abilities): void {
  describeSingleReads(check, can.missingVersion !== undefined);
  describeManyReads(check);
  if (can.missingVersion !== undefined) describeVersions(check, can.missingVersion);
}

function describeSingleReads(check: Check, hasVersions: boolean): void {
  check('says notFound for a secret that does not exist, and names it', async ({ backend, client, name, signal }) => {
    const ref = backend.missing(name);
    const error = await providerRejection(async () => client.read(ref, signal));
    expect(error.kind).toBe('notFound');
    expect(error.message).toContain(ref.key);
  });

  check('gives equal read keys only to refs that one read answers', async ({ backend, client, name }) => {
    const { ref } = await backend.put(name, Buffer.from(canary));
    expect(client.readKey({ ...ref })).toBe(client.readKey(ref));
    const others = [backend.missing(`${name}-other`), ...(hasVersions ? [{ ...ref, version: '7' }] : [])];
    for (const other of others) expect(client.readKey(other)).not.toBe(client.readKey(ref));
  });
}

function describeManyReads(check: Check): void {
  check('serves many reads at once', async (test) => {
    const four = await putFour(test);
    const reads = [...four, ...four, ...four, ...four, ...four].map(async ({ ref, property, value }) => {
      const secret = await test.client.read(ref, test.signal);
      expect(textOf(secret.value(property))).toBe(value);
    });
    await Promise.all(reads);
  });

  check('reads many as it reads one, failures included', async (test) => {
    const { backend, client, name, signal } = test;
    if (client.readMany === undefined) return;
    const four = await putFour(test);
    const absent = backend.missing(`${name}-absent`);
    const refs = [...four, ...four].map(({ ref }) => ref);
    const answers = await client.readMany([...refs, absent], signal);
    expect(answers.size).toBe(5);
    for (const { ref, property, value } of four) {
      expect(textOf(answered(answers.get(client.readKey(ref))).value(property))).toBe(value);
    }
    expect(answers.get(client.readKey(absent))).toMatchObject({ kind: 'notFound' });
  });
}

function putFour({ backend, name }: ContractCase) {
  const values = ['first', 'second', 'third', 'fourth'];
  return Promise.all(
    values.map(async (value) => ({ value, ...(await backend.put(`${name}-${value}`, Buffer.from(value))) })),
  );
}

function answered(answer: RemoteSecret | Error | undefined): RemoteSecret {
  if (answer === undefined) throw new Error('the batch has no answer for one of its refs');
  if (answer instanceof Error) throw answer;
  return answer;
}

function describeVersions(check: Check, missing: 'invalid' | 'notFound'): void {
  check('reads the version that is asked for', async ({ backend, client, name, signal }) => {
    const values = ['first', 'second'];
    const located = await versionsOf(backend).put(
      name,
      values.map((value) => Buffer.from(value)),
    );
    const read = located.map(async ({ ref, property }) => textOf((await client.read(ref, signal)).value(property)));
    expect(await Promise.all(read)).toEqual(values);
    expect(new Set(located.map(({ ref }) => client.readKey(ref))).size).toBe(2);
  });

  check('refuses a version that does not exist', async ({ backend, client, name, signal }) => {
    const versions = versionsOf(backend);
    for (const { ref } of await versions.put(name, [Buffer.from(canary)])) {
      const error = await providerRejection(async () => client.read(versions.missing(ref), signal));
      expect(error.kind).toBe(missing);
    }
  });
}

function versionsOf(backend: ContractBackend): NonNullable<ContractBackend['versions']> {
  if (backend.versions === undefined) throw new Error('a backend that can do versions must have `versions`');
  return backend.versions;
}
