/** ESO's PEM filters: blocks by type, members of a certificate chain, and a certificate's names. */
import { define, type TemplateFunction } from '../function.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { isRoot, isSelfIssued, orderChain } from '../pki/chain.ts';
import { decodeAllPem, decodePem, encodePem } from '../pki/pemblock.ts';
import { price } from '../pki/price.ts';
import { ipText } from '../pki/subjectaltname.ts';
import { text } from '../sprig/arguments.ts';
import { stringsType, stringType } from '../types.ts';
import { strings } from '../value.ts';
import { failing } from './failing.ts';

export const certificateType = 'CERTIFICATE';

export const pemFunctions: readonly TemplateFunction[] = [
  define('filterPEM', [stringType, stringType], stringType, ([type, input], { budget }) => {
    budget.charge(price.pem(text(input)));
    return failing(() => filterPem(text(type), text(input)));
  }),
  define('filterCertChain', [stringType, stringType], stringType, ([member, input], { budget }) => {
    budget.charge(price.certificates(text(input)));
    return failing(() => encodeCertificates(chainMember(text(member), parseBlocks(text(input)))));
  }),
  define('certSANs', [stringType], stringsType, ([input], { budget }) => {
    budget.charge(price.certificates(text(input)));
    return failing(() => strings(certificateNames(text(input))));
  }),
];

/** The blocks of a type in any case; junk is passed over as long as something was found. */
function filterPem(type: string, input: string): string {
  const { blocks, rest } = decodeAllPem(input);
  const wanted = blocks.filter((block) => block.type.toLowerCase() === type.toLowerCase());
  if (wanted.length === 0 && rest !== '') throw new Error('error filtering pem: found junk');
  return wanted.map((block) => encodePem(block.type, block.bytes, block.headers)).join('');
}

/** Every block must be a certificate, whatever type it says it has; text between the blocks is passed over. */
export function parseBlocks(input: string): Certificate[] {
  return decodeAllPem(input).blocks.map(({ bytes }) => parseCertificate(bytes));
}

function chainMember(member: string, certificates: readonly Certificate[]): Certificate[] {
  const chain = orderChain(certificates);
  const [leaf] = chain;
  const last = chain.at(-1);
  const roots = last !== undefined && isRoot(last) ? [last] : [];
  switch (member) {
    case 'leaf':
      return leaf === undefined || isSelfIssued(leaf) ? [] : [leaf];
    case 'intermediate':
      return chain.slice(1, chain.length - roots.length);
    case 'root':
      return roots;
    default:
      return [];
  }
}

export function encodeCertificates(certificates: readonly Certificate[]): string {
  return certificates.map(({ raw }) => encodePem(certificateType, raw)).join('');
}

/** The subject alternative names of the first block. */
function certificateNames(input: string): string[] {
  const found = decodePem(input);
  if (found === undefined) throw new Error('failed to decode PEM block');
  const { dnsNames, ipAddresses, emailAddresses, uris } = parseFirst(found.block.bytes);
  return [...dnsNames, ...ipAddresses.map(ipText), ...emailAddresses, ...uris];
}

function parseFirst(der: Buffer): Certificate {
  try {
    return parseCertificate(der);
  } catch (error) {
    throw new Error(`failed to parse certificate: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}
