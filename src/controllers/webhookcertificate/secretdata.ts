/** What the Secret holds after a step of the rotation. */
import type { Secret } from '../../kube/resources.ts';
import { createAuthority, type IssuedCertificate, issueServerCertificate } from './issue.ts';
import type { Step } from './rotation.ts';
import { type StoredCertificates, textOf } from './storedcertificates.ts';

export interface Before {
  readonly stored: StoredCertificates;
  readonly data: NonNullable<Secret['data']>;
  readonly dnsName: string;
  readonly nowMs: number;
}

/** Base64, as the Secret's own data. */
export async function secretDataAfter(step: Step, before: Before): Promise<NonNullable<Secret['data']>> {
  switch (step.kind) {
    case 'keep':
      return before.data;
    case 'newAuthority':
      return withNewAuthority(step, before);
    case 'newServer':
      return { ...before.data, ...(await serverData(signerOf(before), before)) };
    case 'retire':
      return { ...before.data, 'ca.crt': encode(signerOf(before).cert) };
  }
}

async function withNewAuthority(
  { trusted, isUrgent }: Extract<Step, { kind: 'newAuthority' }>,
  before: Before,
): Promise<NonNullable<Secret['data']>> {
  const authority = await createAuthority(before.nowMs);
  const bundle = [authority.cert, ...trusted.map(String)].join('');
  const data = { ...before.data, 'ca.crt': encode(bundle), 'ca.key': encode(authority.key) };
  return isUrgent ? { ...data, ...(await serverData(authority, before)) } : data;
}

async function serverData(authority: IssuedCertificate, { dnsName, nowMs }: Before): Promise<Record<string, string>> {
  const { cert, key } = await issueServerCertificate(authority, dnsName, nowMs);
  return { 'tls.crt': encode(cert), 'tls.key': encode(key) };
}

/** There is one: such steps are not decided on without. */
function signerOf({ stored, data }: Before): IssuedCertificate {
  return { cert: String(stored.authorities[0]), key: textOf(data, 'ca.key') };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}
