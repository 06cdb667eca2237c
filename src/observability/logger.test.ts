import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function logging(level = 'info') {
  const lines: string[] = [];
  const log = createLogger({ level, timeEncoding: 'epoch' }, { write: (line: string) => void lines.push(line) });
  return { log, lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('a log line', () => {
  it("has the shape of ESO's: level, ts in seconds, fields, msg", () => {
    const { log, lines } = logging();
    log.child({ controller: 'externalsecret' }).info({ key: 'a/b' }, 'secret synced');
    expect(lines()).toEqual([
      { level: 'info', ts: expect.any(Number), controller: 'externalsecret', key: 'a/b', msg: 'secret synced' },
    ]);
  });

  it('says what an error says, and nothing of its causes', () => {
    const { log, lines } = logging();
    log.error({ error: new Error('cannot read', { cause: new Error('p4ssw0rd') }) }, 'reconcile failed');
    expect(lines()[0]).toMatchObject({ error: 'cannot read' });
    expect(JSON.stringify(lines())).not.toContain('p4ssw0rd');
  });

  it('says where a bug is', () => {
    const { log, lines } = logging();
    log.error({ error: new TypeError('x is not a function') }, 'reconcile failed');
    expect(lines()[0]?.['error']).toMatch(/x is not a function\n\s+at .*logger\.test/);
  });

  it('never holds what looks like a secret by its name', () => {
    const { log, lines } = logging();
    log.info({ password: 'p4ssw0rd', object: { data: { a: 'p4ssw0rd' }, token: 'p4ssw0rd' } }, 'oops');
    expect(JSON.stringify(lines())).not.toContain('p4ssw0rd');
  });

  it('comes only from its level on', () => {
    const { log, lines } = logging('warn');
    log.info({}, 'no');
    log.warn({}, 'yes');
    expect(lines().map(({ msg }) => msg)).toEqual(['yes']);
  });
});
