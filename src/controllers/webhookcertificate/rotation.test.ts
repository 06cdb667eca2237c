import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, type IssuedCertificate, issueServerCertificate } from './issue.ts';
import { defaultTiming, nextStep, type Situation } from './rotation.ts';
import { readCertificates, type StoredCertificates } from './storedcertificates.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const tenYearsMs = 3650 * dayMs;
const start = Date.UTC(2026, 0, 1);
const dnsName = 'hook.ns.svc';

describe('the next step of a rotation', () => {
  let old: IssuedCertificate;
  let oldServer: IssuedCertificate;
  let young: IssuedCertificate;
  let youngServer: IssuedCertificate;
  const rotatedAt = start + tenYearsMs - 89 * dayMs;

  beforeAll(async () => {
    old = await createAuthority(start);
    oldServer = await issueServerCertificate(old, dnsName, start);
    young = await createAuthority(rotatedAt);
    youngServer = await issueServerCertificate(young, dnsName, rotatedAt + minuteMs);
  });

  const encode = (text: string): string => Buffer.from(text).toString('base64');

  function stored(authorities: readonly IssuedCertificate[], server?: IssuedCertificate): StoredCertificates {
    return readCertificates({
      'ca.crt': encode(authorities.map(({ cert }) => cert).join('')),
      'ca.key': encode(authorities[0]?.key ?? ''),
      'tls.crt': encode(server?.cert ?? ''),
      'tls.key': encode(server?.key ?? ''),
    });
  }

  function at(nowMs: number, more: Partial<Situation> = {}): Situation {
    return { dnsName, nowMs, isInjected: true, timing: defaultTiming, ...more };
  }

  it.each([
    ['nothing is stored', undefined],
    ['all keys are empty', { 'ca.crt': '', 'ca.key': '', 'tls.crt': '', 'tls.key': '' }],
    ['what is stored is no certificate', { 'ca.crt': 'bm8=', 'ca.key': 'bm8=', 'tls.crt': 'bm8=', 'tls.key': 'bm8=' }],
  ])('makes everything at once when %s', (_, data) => {
    expect(nextStep(readCertificates(data), at(start))).toEqual({ kind: 'newAuthority', trusted: [], isUrgent: true });
  });

  it('keeps what is good', () => {
    expect(nextStep(stored([old], oldServer), at(start))).toMatchObject({ kind: 'keep' });
  });

  it('makes a certificate for another name at once', () => {
    expect(nextStep(stored([old], oldServer), at(start, { dnsName: 'moved.ns.svc' }))).toEqual({ kind: 'newServer' });
  });

  it('makes a certificate when the stored one belongs to another authority', () => {
    expect(nextStep(stored([young], oldServer), at(rotatedAt))).toEqual({ kind: 'newServer' });
  });

  it('makes a certificate when its key is lost', () => {
    expect(nextStep(stored([old], { cert: oldServer.cert, key: young.key }), at(start))).toEqual({ kind: 'newServer' });
  });

  it('begins 90 days before the authority ends, and serves on with the old certificate', () => {
    const before = at(start + tenYearsMs - 90 * dayMs);
    expect(nextStep(stored([old], oldServer), before)).toMatchObject({ kind: 'keep' });
    const step = nextStep(stored([old], oldServer), at(rotatedAt));
    expect(step).toMatchObject({ kind: 'newAuthority', isUrgent: false });
    expect(step.kind === 'newAuthority' && step.trusted.map(String)).toEqual([old.cert]);
  });

  it("begins the same way when the authority's key is lost", () => {
    const lost = { ...stored([old], oldServer), canSign: false };
    expect(nextStep(lost, at(start))).toMatchObject({ kind: 'newAuthority', isUrgent: false });
  });

  it('waits until the new authority is trusted', () => {
    const both = stored([young, old], oldServer);
    expect(nextStep(both, at(rotatedAt))).toEqual({ kind: 'keep', recheckAfterMs: defaultTiming.trustDelayMs });
    expect(nextStep(both, at(rotatedAt + defaultTiming.trustDelayMs))).toEqual({ kind: 'newServer' });
  });

  it('waits as long as not everybody has been told', () => {
    const late = at(rotatedAt + dayMs, { isInjected: false });
    expect(nextStep(stored([young, old], oldServer), late)).toMatchObject({ kind: 'keep' });
  });

  it('trusts the old authority until no webhook serves with it any more', () => {
    const served = stored([young, old], youngServer);
    const issuedAt = rotatedAt + minuteMs;
    const { retireDelayMs } = defaultTiming;
    expect(nextStep(served, at(issuedAt))).toEqual({ kind: 'keep', recheckAfterMs: retireDelayMs });
    expect(nextStep(served, at(issuedAt + retireDelayMs))).toEqual({ kind: 'retire' });
  });

  it('does not wait for anything when the certificate has ended', () => {
    const ended = at(start + tenYearsMs + dayMs);
    expect(nextStep(stored([old], oldServer), ended)).toEqual({ kind: 'newAuthority', trusted: [], isUrgent: true });
    expect(nextStep(stored([young, old], oldServer), ended)).toEqual({ kind: 'newServer' });
  });

  it('trusts what is served with first, and no more than a few, however often the key is lost', async () => {
    const others = await Promise.all([1, 2, 3, 4].map(() => createAuthority(start)));
    const step = nextStep({ ...stored([...others, old], oldServer), canSign: false }, at(start));
    expect(step.kind === 'newAuthority' && step.trusted.map(String)).toEqual(
      [old, ...others.slice(0, 3)].map(({ cert }) => cert),
    );
  });
});
