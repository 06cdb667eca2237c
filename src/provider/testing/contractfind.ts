/** The part of the contract suite about `find`. */
import { expect } from 'vitest';
import type { FindQuery, SecretMap } from '../provider.ts';
import type { Check, ContractCase } from './contractcase.ts';
import { providerRejection, textOf } from './rejection.ts';

export function describeFind(check: Check, by: readonly ('name' | 'tags' | 'path')[], keepsNames: boolean): void {
  if (by.includes('name')) describeByName(check, keepsNames);
  if (by.includes('tags')) describeByTags(check);
  if (by.includes('path')) describeByPath(check);
}

function describeByName(check: Check, keepsNames: boolean): void {
  check('finds secrets whose name matches anywhere, with their values', async (test) => {
    const { backend, client, name, signal } = test;
    const { ref } = await backend.put(`${name}-one`, Buffer.from('first'));
    await backend.put(`${name}-two`, Buffer.from('second'));
    await backend.put(`other-${name}`, Buffer.from('third'));
    const found = await find(test, { nameRegexp: `${name.slice(4)}-(one|t.o)$` });
    expect(found.size).toBe(2);
    if (keepsNames) expect([...found.keys()].sort()).toEqual([`${name}-one`, `${name}-two`]);
    const whole = textOf((await client.read(ref, signal)).value(undefined));
    expect([...found.values()].map(textOf)).toContain(whole);
  });

  check('takes expressions as Go does: with flags, without look-around', async (test) => {
    await test.backend.put(test.name, Buffer.from('first'));
    expect((await find(test, { nameRegexp: `(?i)^${test.name.toUpperCase()}$` })).size).toBe(1);
    expect((await providerRejection(() => find(test, { nameRegexp: `(?=${test.name})` }))).kind).toBe('invalid');
  });

  check('finds nothing where nothing matches', async (test) => {
    expect((await find(test, { nameRegexp: `^${test.name}-nothing$` })).size).toBe(0);
  });
}

function describeByTags(check: Check): void {
  check('finds secrets that carry all of the tags', async (test) => {
    const { backend, name } = test;
    const team = name.slice(-8);
    await backend.put(`${name}-both`, Buffer.from('first'), { team, stage: 'live' });
    await backend.put(`${name}-half`, Buffer.from('second'), { team, stage: 'test' });
    await backend.put(`${name}-none`, Buffer.from('third'), { stage: 'live' });
    expect((await find(test, { tags: { team, stage: 'live' } })).size).toBe(1);
    expect((await find(test, { tags: { team } })).size).toBe(2);
    expect((await find(test, { tags: { team: `${team}-absent` } })).size).toBe(0);
  });
}

function describeByPath(check: Check): void {
  check('finds only secrets under the path', async (test) => {
    const { underPath } = test.backend;
    if (underPath === undefined) throw new Error('a backend that can find by path must have `underPath`');
    await test.backend.put(underPath.name(`${test.name}-in`), Buffer.from('first'));
    await test.backend.put(`${test.name}-out`, Buffer.from('second'));
    expect((await find(test, { path: underPath.path, nameRegexp: test.name })).size).toBe(1);
  });
}

async function find({ client, signal }: ContractCase, query: FindQuery): Promise<SecretMap> {
  if (client.find === undefined) throw new Error('a provider that can find must have `find`');
  return client.find(query, signal);
}
