/** The part of the contract suite about writing. */
import { expect } from 'vitest';
import type { SecretsWriter } from '../provider.ts';
import type { Check, ContractCase } from './contractcase.ts';
import { textOf } from './rejection.ts';

export function describePush(check: Check): void {
  check('pushes a secret that is not there, changes it, and takes it away', async (test) => {
    const writer = writerOf(test);
    const target = { remoteKey: test.name, property: 'password' };
    expect(await writer.exists(target, test.signal)).toBe(false);
    await writer.push({ ...target, value: Buffer.from('first') }, test.signal);
    expect(await writer.exists(target, test.signal)).toBe(true);
    expect(await read(test, 'password')).toBe('first');
    await writer.push({ ...target, value: Buffer.from('second') }, test.signal);
    expect(await read(test, 'password')).toBe('second');
    await writer.delete(target, test.signal);
    expect(await writer.exists(target, test.signal)).toBe(false);
  });

  check('pushes a property and leaves the others alone', async (test) => {
    const writer = writerOf(test);
    await writer.push({ remoteKey: test.name, property: 'user', value: Buffer.from('app') }, test.signal);
    await writer.push({ remoteKey: test.name, property: 'password', value: Buffer.from('hunter2') }, test.signal);
    expect([await read(test, 'user'), await read(test, 'password')]).toEqual(['app', 'hunter2']);
    await writer.delete({ remoteKey: test.name, property: 'user' }, test.signal);
    expect(await read(test, 'password')).toBe('hunter2');
  });

  check('does not mind deleting what is not there', async (test) => {
    await writerOf(test).delete({ remoteKey: `${test.name}-absent`, property: 'password' }, test.signal);
  });
}

function writerOf({ client }: ContractCase): SecretsWriter {
  if (client.writer === undefined) throw new Error('a provider that can push must have a writer');
  return client.writer;
}

async function read({ client, name, signal }: ContractCase, property: string): Promise<string> {
  return textOf((await client.read({ key: name }, signal)).value(property));
}
