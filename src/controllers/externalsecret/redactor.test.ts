import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.ts';

function cleaned(values: readonly string[], message: string): string {
  const redactor = new Redactor();
  redactor.learn(values.map((value) => Buffer.from(value)));
  return redactor.clean(message);
}

describe('a message', () => {
  it.each([
    ['the value itself', 'p4ssw0rd', 'cannot read *** here'],
    ['its base64', Buffer.from('p4ssw0rd').toString('base64'), 'cannot read *** here'],
    ['the value in JSON', JSON.stringify({ a: 'p4ssw0rd' }), 'cannot read {"a":"***"} here'],
  ])('never holds %s', (_, quoted, expected) => {
    expect(cleaned(['p4ssw0rd'], `cannot read ${quoted} here`)).toBe(expected);
  });

  it('never holds a member of a JSON value, or a line of a long one', () => {
    const values = ['{"password": "inner-secret"}', 'first line\nsecond line'];
    expect(cleaned(values, 'bad inner-secret, bad second line')).toBe('bad ***, bad ***');
  });

  it('stays readable: values of a few characters are no secrets', () => {
    expect(cleaned(['80', 'a'], 'port 80 of a host')).toBe('port 80 of a host');
  });

  it('holds no value, whatever the values are', () => {
    const text = fc.string({ minLength: 4 }).filter((value) => value.trim().length >= 4 && !value.includes('*'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
        const message = cleaned(values, `before ${values.join(' between ')} after`);
        for (const value of values) if (!'before between after'.includes(value)) expect(message).not.toContain(value);
      }),
    );
  });
});
