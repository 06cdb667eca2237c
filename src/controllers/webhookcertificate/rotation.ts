/**
 * What has to happen next with the certificates, decided from what is there. Pure, and without a memory of its own: a
 * rotation goes on where it was when the process restarts.
 *
 * A new authority is trusted before anything is served with it, and the old one is trusted as long as something may be
 * served with that: so no call fails on the way. Each arrow is one write of the Secret.
 *
 *     ca.crt: old       -> new, old      -> new, old      -> new
 *     tls.crt: by old   -> by old        -> by new        -> by new
 */
import type { X509Certificate } from 'node:crypto';
import { clockSkewMs } from './issue.ts';
import type { StoredCertificates } from './storedcertificates.ts';

export type Step =
  /** All is well until something changes or the time has passed. */
  | { readonly kind: 'keep'; readonly recheckAfterMs: number }
  /** `trusted` stay in the bundle behind the new one; `isUrgent`: nothing can be served now, so the server's too. */
  | { readonly kind: 'newAuthority'; readonly trusted: readonly X509Certificate[]; readonly isUrgent: boolean }
  | { readonly kind: 'newServer' }
  /** Only the first authority stays. */
  | { readonly kind: 'retire' };

export interface RotationTiming {
  /** Certificates are renewed so long before they end. */
  readonly lookaheadMs: number;
  /** How long API servers may take to trust what was injected. */
  readonly trustDelayMs: number;
  /** How long webhooks may take to serve with what the Secret holds: the kubelet writes the files, then they are read. */
  readonly retireDelayMs: number;
}

export const defaultTiming: RotationTiming = {
  lookaheadMs: 90 * 24 * 3_600_000,
  trustDelayMs: 60_000,
  retireDelayMs: 3_600_000,
};

export interface Situation {
  readonly dnsName: string;
  readonly nowMs: number;
  /** Whether every caller has been told of all authorities. */
  readonly isInjected: boolean;
  readonly timing: RotationTiming;
}

/** Who loses the key again and again must not grow the bundle without end. */
const maxTrusted = 4;

export function nextStep(stored: StoredCertificates, situation: Situation): Step {
  const { nowMs, timing } = situation;
  const [signer] = stored.authorities;
  const served = servedBy(stored, situation);
  if (!stored.canSign || signer === undefined || endsWithin(signer, timing.lookaheadMs, nowMs)) {
    return { kind: 'newAuthority', trusted: stillTrusted(stored, served, nowMs), isUrgent: served === undefined };
  }
  if (served === undefined) return { kind: 'newServer' };
  if (served.authority !== signer) return serveOnceTrusted(signer, situation);
  if (endsWithin(served.server, timing.lookaheadMs, nowMs)) return { kind: 'newServer' };
  return stored.authorities.length > 1 ? retireOnceUnused(served.server, situation) : keep(Number.POSITIVE_INFINITY);
}

interface Served {
  readonly server: X509Certificate;
  readonly authority: X509Certificate;
}

/** What calls are answered with now; undefined when none can be. */
function servedBy({ server, authorities }: StoredCertificates, { dnsName, nowMs }: Situation): Served | undefined {
  if (server?.checkHost(dnsName) === undefined || !isValid(server, nowMs)) return undefined;
  const authority = authorities.find((each) => isValid(each, nowMs) && server.verify(each.publicKey));
  return authority && { server, authority };
}

function stillTrusted(stored: StoredCertificates, served: Served | undefined, nowMs: number): X509Certificate[] {
  const valid = stored.authorities.filter((authority) => authority !== served?.authority && isValid(authority, nowMs));
  return [...(served === undefined ? [] : [served.authority]), ...valid].slice(0, maxTrusted);
}

function serveOnceTrusted(signer: X509Certificate, { nowMs, isInjected, timing }: Situation): Step {
  const remainingMs = issuedAtMs(signer) + timing.trustDelayMs - nowMs;
  if (remainingMs > 0) return keep(remainingMs);
  return isInjected ? { kind: 'newServer' } : keep(timing.trustDelayMs);
}

function retireOnceUnused(server: X509Certificate, { nowMs, timing }: Situation): Step {
  const remainingMs = issuedAtMs(server) + timing.retireDelayMs - nowMs;
  return remainingMs > 0 ? keep(remainingMs) : { kind: 'retire' };
}

function keep(recheckAfterMs: number): Step {
  return { kind: 'keep', recheckAfterMs };
}

function isValid(certificate: X509Certificate, nowMs: number): boolean {
  return Date.parse(certificate.validFrom) <= nowMs && nowMs < Date.parse(certificate.validTo);
}

function endsWithin(certificate: X509Certificate, lookaheadMs: number, nowMs: number): boolean {
  return Date.parse(certificate.validTo) - nowMs < lookaheadMs;
}

/** Of certificates of ours; one that was not made a day back seems younger than it is, and is only waited for longer. */
function issuedAtMs(certificate: X509Certificate): number {
  return Date.parse(certificate.validFrom) + clockSkewMs;
}
