import { getCiphers } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { webhookConfig } from './config.ts';
import { webhookFlags } from './flags.ts';
import { defaultFlags, type FlagValue } from './flagset.ts';

const configOf = (flags: Readonly<Record<string, FlagValue>>) =>
  webhookConfig(new Map([...defaultFlags(webhookFlags), ...Object.entries(flags)]), {});

describe('the configuration of the webhook', () => {
  it.each([
    ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
    ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
    ['TLS_AES_128_GCM_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ])("turns Go's %s into OpenSSL's %s", (go, openSsl) => {
    expect(configOf({ 'tls-ciphers': [go] }).certificate.ciphers).toEqual([openSsl]);
    expect(getCiphers()).toContain(openSsl.toLowerCase());
  });

  it('knows TLS 1.2 and 1.3', () => {
    expect(configOf({}).certificate.minVersion).toBe('TLSv1.2');
    expect(configOf({ 'tls-min-version': '1.3' }).certificate.minVersion).toBe('TLSv1.3');
    expect(() => configOf({ 'tls-min-version': '1.1' })).toThrow('--tls-min-version must be 1.2 or 1.3, not "1.1"');
  });
});
