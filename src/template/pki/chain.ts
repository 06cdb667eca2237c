/** Certificate chains, linked by key identifiers alone: nobody checks signatures here. */
import type { Certificate } from './certificate.ts';

/**
 * From the leaf to the last issuer that is there. An issuer is the first other certificate whose subject key
 * identifier is the authority key identifier; both may be empty. Throws unless all certificates make one chain.
 */
export function orderChain(certificates: readonly Certificate[]): Certificate[] {
  const issuers = certificates.map((certificate) => issuerIndex(certificate, certificates));
  const leaves = certificates.map((_, index) => index).filter((index) => !issuers.includes(index));
  const [leaf] = leaves;
  if (leaf === undefined) throw new Error('no leaf certificate found');
  if (leaves.length > 1) throw new Error('found multiple leaf or disjunct certificates');
  return follow(leaf, certificates, issuers);
}

function issuerIndex(certificate: Certificate, certificates: readonly Certificate[]): number {
  return certificates.findIndex(
    (other) => other !== certificate && other.subjectKeyId.equals(certificate.authorityKeyId),
  );
}

function follow(leaf: number, certificates: readonly Certificate[], issuers: readonly number[]): Certificate[] {
  const chain: Certificate[] = [];
  for (let index = leaf; ; index = issuers[index] ?? -1) {
    const certificate = certificates[index];
    if (certificate === undefined) return chain;
    if (chain.includes(certificate)) throw new Error('constructing chain resulted in cycle');
    chain.push(certificate);
  }
}

/** Issued by itself, as far as its key identifiers tell. */
export function isSelfIssued({ authorityKeyId, subjectKeyId }: Certificate): boolean {
  return authorityKeyId.equals(subjectKeyId);
}

/** The end of a chain: self-issued, or without any issuer named. */
export function isRoot(certificate: Certificate): boolean {
  return certificate.authorityKeyId.length === 0 || isSelfIssued(certificate);
}
