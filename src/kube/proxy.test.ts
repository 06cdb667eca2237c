import { expect, test } from 'vitest';
import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy:3128';

test.each([
  ['https://10.0.0.1:6443', '', proxy],
  ['http://10.0.0.1:8080', '', undefined],
  ['https://localhost:6443', '', undefined],
  ['https://127.0.0.1:6443', '', undefined],
  ['https://[::1]:6443', '', undefined],
  ['https://10.0.0.1', '*', undefined],
  ['https://10.0.0.1', '10.0.0.0/8', undefined],
  ['https://11.0.0.1', '10.0.0.0/8', proxy],
  ['https://[fd00::7]', 'fd00::/16', undefined],
  ['https://10.0.0.1', '10.0.0.0/99,nonsense/8', proxy],
  ['https://api.example.com', 'example.com', undefined],
  ['https://api.example.com', '.example.com', undefined],
  ['https://api.example.com', '*.example.com', undefined],
  ['https://example.com', '.example.com', proxy],
  ['https://notexample.com', 'example.com', proxy],
  ['https://API.Example.com', ' foo , EXAMPLE.COM ', undefined],
  ['https://example.com:6443', 'example.com:6443', undefined],
  ['https://example.com:6443', 'example.com:443', proxy],
  ['https://example.com', 'example.com:443', undefined],
  ['https://[fd00::7]:6443', '[fd00::7]:6443', undefined],
  ['https://[fd00::7]:6443', 'fd00::7', undefined],
])('%s with NO_PROXY=%j goes through %s', (server, exceptions, expected) => {
  expect(proxyFor(new URL(server), { HTTPS_PROXY: proxy, NO_PROXY: exceptions })).toBe(expected);
});

test('a proxy without a scheme is an HTTP proxy', () => {
  expect(proxyFor(new URL('https://a'), { HTTPS_PROXY: 'proxy:3128' })).toBe(proxy);
});

test('without HTTPS_PROXY there is none', () => {
  expect(proxyFor(new URL('https://a'), { NO_PROXY: 'b' })).toBeUndefined();
});
