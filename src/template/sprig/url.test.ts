import { expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

test('urlParse gives all parts, decoded but for query and userinfo', () => {
  const v = 'HTTPS://us%65r:p%40ss@db.example.com:8443/a/b%20c?x=1&y=2#fr%20ag';
  expect(rendered('{{ urlParse .v | toRawJson }}', { v })).toBe(
    '{"fragment":"fr ag","host":"db.example.com:8443","hostname":"db.example.com","opaque":"","path":"/a/b c","query":"x=1&y=2","scheme":"https","userinfo":"user:p%40ss"}',
  );
});

test.each([
  [
    '{{ urlJoin (dict "scheme" "https" "host" "h:1" "path" "/é?" "query" "a b" "userinfo" "u:p" "fragment" "f f") }}',
    'https://u:p@h:1/%C3%A9%3F?a b#f%20f',
  ],
  ['{{ urlJoin (dict) }}|{{ urlJoin (dict "path" "a:b") }}', '|./a:b'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

test.each([
  ['{{ urlParse "http://h/%zz" }}', 'unable to parse url: parse "http://h/%zz": invalid URL escape "%zz"'],
  ['{{ urlJoin (dict "scheme" true) }}', 'unable to parse scheme key, must be of type string, but bool found'],
  ['{{ urlJoin (dict "host" nil) }}', 'nil pointer dereference'],
  ['{{ urlJoin (dict "userinfo" "a b") }}', 'unable to parse userinfo in dict'],
])('%s fails: %s', (template, message) => {
  expect(failure(template)).toContain(message);
});
