import { expect, test } from 'vitest';
import { templateEngines } from './engines.ts';

const values = new Map([['user', Buffer.from('App')]]);

function rendered(engineVersion: string | undefined, text: string): string {
  const engineFor = templateEngines({ leftDelimiter: '{{', rightDelimiter: '}}', limits: { maxOutputBytes: 20 } });
  return Buffer.from(engineFor(engineVersion).render(text, values, 'key')).toString();
}

test.each([
  [undefined, '{{ .user | upper }}'],
  ['v2', '{{ .user | upper }}'],
  ['handlebars', '{{upper user}}'],
])('engineVersion %s renders %s', (engineVersion, text) => {
  expect(rendered(engineVersion, text)).toBe('APP');
});

test('both engines name the key and hold the limits', () => {
  expect(() => rendered('v2', '{{ .user | repeat 7 }}')).toThrow(
    'template: key: the template makes more than 20 bytes',
  );
  expect(() => rendered('handlebars', '{{concat user user user user user user user}}')).toThrow(
    'template: key: the template makes more than 20 bytes',
  );
});

test('a template is compiled once, whatever it is rendered with', () => {
  const engine = templateEngines({})('handlebars');
  expect(Buffer.from(engine.render('{{user}}', values, 'a')).toString()).toBe('App');
  expect(Buffer.from(engine.render('{{user}}', new Map([['user', Buffer.from('Other')]]), 'a')).toString()).toBe(
    'Other',
  );
});
