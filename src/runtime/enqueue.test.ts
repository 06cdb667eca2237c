import { expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { enqueue } from './enqueue.ts';

interface User extends KubeObject {
  readonly store: string;
}

function user(store: string): User {
  return { metadata: { namespace: 'ns', name: 'u' }, store };
}

function recorded(): { added: string[]; queue: { add: (key: string, lane?: string) => void } } {
  const added: string[] = [];
  return { added, queue: { add: (key, lane) => added.push(`${key} ${lane}`) } };
}

test('what was there at the start is not urgent, what comes, changes or goes is', () => {
  const { added, queue } = recorded();
  const handler = enqueue<User>(queue, { keysOf: ({ store }) => [store] });
  handler.added?.(user('a'), true);
  handler.added?.(user('b'), false);
  handler.deleted?.(user('c'));
  expect(added).toEqual(['a refresh', 'b urgent', 'c urgent']);
});

test('after an update both the old and the new keys are reconciled, each once', () => {
  const { added, queue } = recorded();
  const handler = enqueue<User>(queue, { keysOf: ({ store }) => [store] });
  handler.updated?.(user('new'), user('old'));
  handler.updated?.(user('same'), user('same'));
  expect(added).toEqual(['old urgent', 'new urgent', 'same urgent']);
});

test('an update that does not matter adds nothing', () => {
  const { added, queue } = recorded();
  const handler = enqueue<User>(queue, { keysOf: ({ store }) => [store], isRelevant: (a, b) => a.store !== b.store });
  handler.updated?.(user('same'), user('same'));
  expect(added).toEqual([]);
});
