import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UrlError } from './errors.ts';
import { formatUrl } from './format.ts';
import { hostname, parseUrl } from './parse.ts';

describe('a URL is taken apart', () => {
  test.each([
    ['http://[::1]:80/x', { host: '[::1]:80', path: '/x' }],
    ['http://[fe80::1%25eth0]/', { host: '[fe80::1%eth0]' }],
    ['mailto:a@b.c', { scheme: 'mailto', opaque: 'a@b.c' }],
    ['jdbc:postgresql://h/db', { scheme: 'jdbc', opaque: 'postgresql://h/db' }],
    ['mongodb://a:1,b:2/db', { host: 'a:1,b:2', path: '/db' }],
    ['//h/p?q=%zz', { scheme: '', host: 'h', query: 'q=%zz' }],
    ['redis://:pw@h', { user: { name: '', password: 'pw' } }],
    ['http://u@h', { user: { name: 'u', password: undefined } }],
    ['*', { path: '*' }],
    ['///a', { host: '', path: '///a' }],
  ])('%s', (text, parts) => {
    expect(parseUrl(text)).toMatchObject(parts);
  });
});

test.each([
  ['http://h/%4', 'parse "http://h/%4": invalid URL escape "%4"'],
  [':x', 'parse ":x": missing protocol scheme'],
  ['a:b:c/d', ''],
  ['1a:b', 'parse "1a:b": first path segment in URL cannot contain colon'],
  ['http://a b/', 'invalid character " " in host name'],
  ['http://h:x/', 'invalid port ":x" after host'],
  ['http://a:1:2/', 'invalid port ":1:2" after host'],
  ['http://[::1', "missing ']' in host"],
  ['http://[1.2.3.4]/', 'invalid IP-literal'],
  ['http://[zz]/', 'invalid host: ParseAddr("zz"): unable to parse IP'],
  ['http://%41/', 'invalid URL escape "%41"'],
  ['http://a<b c@h/', 'net/url: invalid userinfo'],
  ['a\x7f', 'net/url: invalid control character in URL'],
  ['http://h/#%zz', 'parse "http://h/#%zz": invalid URL escape "%zz"'],
])('%j: %s', (text, message) => {
  if (message === '') expect(parseUrl(text)).toMatchObject({ scheme: 'a', opaque: 'b:c/d' });
  else expect(() => parseUrl(text)).toThrow(message);
});

test.each([
  ['h:80', 'h'],
  ['[::1]:80', '::1'],
  ['[::1]', '::1'],
  ['h:', 'h'],
  ['a:1,b', 'a:1,b'],
])('the host name of %s is %s', (host, name) => {
  expect(hostname(host)).toBe(name);
});

test('what was put together is taken apart into the same', () => {
  assert(
    property(string({ unit: 'grapheme-ascii' }), (tail) => {
      const first = attempt(`http://u:p@h:1/${tail}`);
      if (first !== undefined) expect(parseUrl(formatUrl(first))).toEqual(first);
    }),
  );
});

function attempt(text: string): ReturnType<typeof parseUrl> | undefined {
  try {
    return parseUrl(text);
  } catch (error) {
    if (error instanceof UrlError) return undefined;
    throw error;
  }
}
