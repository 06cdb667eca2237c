import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../runtime/testing/fakeclock.ts';
import { Catalog } from '../catalog.ts';
import type { ApiObject } from '../object.ts';
import { selectionOf } from '../selection.ts';
import { Storage } from '../storage.ts';
import { EncodedChanges, Watch, type WatchQuery } from './watch.ts';

const whole: WatchQuery = {
  after: undefined,
  sendInitialEvents: false,
  allowBookmarks: false,
  timeoutMs: undefined,
};

function watched(query: Partial<WatchQuery> = {}, encoded = new EncodedChanges()) {
  const clock = new FakeClock();
  const storage = new Storage({ historySize: 10 });
  const kind = new Catalog(storage).find('', 'v1', 'configmaps');
  if (kind === undefined) throw new Error('there are ConfigMaps');
  const lines: Buffer[] = [];
  let hasEnded = false;
  const start = (): Watch => {
    const options = {
      objects: kind.objects,
      selection: selectionOf(kind, { namespace: undefined, labelSelector: '', fieldSelector: '' }),
      representation: { kind, form: 'object', rowObject: 'Metadata' } as const,
      query: { ...whole, ...query },
      currentRevision: () => storage.revision,
      clock,
    };
    const sink = { write: (line: Buffer) => void lines.push(line), end: () => void (hasEnded = true) };
    const watch = new Watch(options, sink, encoded);
    watch.start();
    return watch;
  };
  return {
    clock,
    kind,
    lines,
    start,
    events: () => lines.map((line) => JSON.parse(line.toString()).type),
    hasEnded: () => hasEnded,
  };
}

const configMap: ApiObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'a', name: 'b' } };

describe('a watch', () => {
  it('sends a bookmark every minute to who wants them', () => {
    const { clock, events, start } = watched({ allowBookmarks: true });
    start();
    clock.advance(180_000);
    expect(events()).toEqual(['BOOKMARK', 'BOOKMARK', 'BOOKMARK', 'BOOKMARK']);
  });

  it('sends one shortly before its end', () => {
    const { clock, events, hasEnded, start } = watched({ allowBookmarks: true, timeoutMs: 10_000 });
    start();
    clock.advance(8_000);
    expect(events()).toEqual(['BOOKMARK', 'BOOKMARK']);
    expect(hasEnded()).toBe(false);
    clock.advance(2_000);
    expect(hasEnded()).toBe(true);
  });

  it('leaves nothing behind when it stops', () => {
    const { clock, kind, events, start } = watched({ allowBookmarks: true, timeoutMs: 300_000 });
    const watch = start();
    watch.stop();
    kind.objects.put(configMap);
    expect(clock.pendingTimers).toBe(0);
    expect(events()).toEqual(['BOOKMARK']);
  });

  it('serialises a change once for all who look at it', () => {
    const { kind, lines, start } = watched();
    start();
    start();
    start();
    kind.objects.put(configMap);
    expect(lines).toHaveLength(3);
    expect(new Set(lines).size).toBe(1);
  });

  it('ends with an error when it is too far behind', () => {
    const { kind, events, hasEnded, start } = watched({ after: 1_000 });
    for (let n = 0; n < 30; n += 1) kind.objects.put({ ...configMap, n });
    start();
    expect(events()).toEqual(['ERROR']);
    expect(hasEnded()).toBe(true);
  });
});
