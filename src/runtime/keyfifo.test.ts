import { expect, test } from 'vitest';
import { KeyFifo } from './keyfifo.ts';

test('keys leave in the order in which they came', () => {
  const fifo = new KeyFifo();
  for (const key of ['a', 'b', 'c']) fifo.push(key, 0);
  expect([fifo.shift()?.key, fifo.shift()?.key, fifo.shift()?.key, fifo.shift()]).toEqual(['a', 'b', 'c', undefined]);
});

test('a key that waits already keeps its place and its time', () => {
  const fifo = new KeyFifo();
  fifo.push('a', 1);
  fifo.push('b', 2);
  fifo.push('a', 3);
  expect(fifo.shift()).toEqual({ key: 'a', since: 1 });
  expect(fifo.size).toBe(1);
});

test('a key that was taken out early and added again waits at the end', () => {
  const fifo = new KeyFifo();
  fifo.push('a', 1);
  fifo.push('b', 2);
  expect(fifo.remove('a')).toBe(1);
  fifo.push('a', 3);
  expect([fifo.shift()?.key, fifo.shift()?.key]).toEqual(['b', 'a']);
});

test('keys that come after the fifo ran empty are found', () => {
  const fifo = new KeyFifo();
  fifo.push('a', 1);
  fifo.shift();
  expect(fifo.shift()).toBeUndefined();
  fifo.push('b', 2);
  expect(fifo.oldestSince).toBe(2);
  expect(fifo.shift()?.key).toBe('b');
  expect(fifo.oldestSince).toBeUndefined();
});
