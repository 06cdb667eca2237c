/** The names in a certificate's subjectAltName extension. */
import { isIPv4, isIPv6 } from 'node:net';
import { parseUrl, type Url } from '../url/parse.ts';
import { readFirstDer, sequenceOf, tagClass } from './asn1.ts';
import { implicit, sequence } from './asn1write.ts';
import { isAscii } from './name.ts';

const emailTag = 1;
const dnsTag = 2;
const uriTag = 6;
const ipTag = 7;
const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex');

export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly Buffer[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

export const noNames: AlternativeNames = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };

/** Reads the extension's value; throws for a name that breaks its rules. Names of other kinds are passed over. */
export function parseAlternativeNames(value: Uint8Array): AlternativeNames {
  const dnsNames: string[] = [];
  const ipAddresses: Buffer[] = [];
  const emailAddresses: string[] = [];
  const uris: string[] = [];
  for (const node of sequenceOf(readFirstDer(value))) {
    if (node.tagClass !== tagClass.context) continue;
    const text = node.content.toString('latin1');
    if (node.tagNumber === dnsTag) dnsNames.push(ascii(text, 'dNSName'));
    else if (node.tagNumber === emailTag) emailAddresses.push(ascii(text, 'rfc822Name'));
    else if (node.tagNumber === uriTag) uris.push(uriText(ascii(text, 'uniformResourceIdentifier')));
    else if (node.tagNumber === ipTag) ipAddresses.push(ipBytes(node.content));
  }
  return { dnsNames, ipAddresses, emailAddresses, uris };
}

function ascii(text: string, what: string): string {
  if (!isAscii(text)) throw new Error(`x509: SAN ${what} is malformed`);
  return text;
}

/** The URI as Go writes it again after parsing it: what was escaped stays so. */
function uriText(text: string): string {
  const { host, scheme } = parsedUri(text);
  if (!isDomainName(host)) throw new Error(`x509: cannot parse URI ${JSON.stringify(text)}: invalid domain`);
  return scheme + text.slice(scheme.length).replace(/#$/, '');
}

function parsedUri(text: string): Url {
  try {
    return parseUrl(text);
  } catch (error) {
    throw new Error(`x509: cannot parse URI ${JSON.stringify(text)}`, { cause: error });
  }
}

/** As much of the rules for domain names as Go insists upon. */
function isDomainName(host: string): boolean {
  return host === '' || (/^[!-~]+$/.test(host) && host.split('.').every((label) => label !== ''));
}

function ipBytes(content: Buffer): Buffer {
  if (content.length === 4 || content.length === 16) return content;
  throw new Error(`x509: cannot parse IP address of length ${content.length}`);
}

/** The extension's value for DNS names and IP addresses. */
export function encodeAlternativeNames(dnsNames: readonly string[], ipAddresses: readonly Buffer[]): Buffer {
  for (const name of dnsNames) {
    if (!isAscii(name)) throw new Error(`x509: ${JSON.stringify(name)} cannot be encoded as an IA5String`);
  }
  return sequence(
    ...dnsNames.map((name) => implicit(dnsTag, Buffer.from(name, 'latin1'))),
    ...ipAddresses.map((address) => implicit(ipTag, address)),
  );
}

/** Go's net.ParseIP: dotted IPv4 or IPv6 without a zone, IPv4-mapped addresses as IPv4; undefined for anything else. */
export function parseIp(text: string): Buffer | undefined {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const bytes = ipv6Bytes(text);
  return bytes.subarray(0, mappedPrefix.length).equals(mappedPrefix) ? bytes.subarray(mappedPrefix.length) : bytes;
}

/** `text` is valid; a trailing dotted quad makes two groups. */
function ipv6Bytes(text: string): Buffer {
  const quad = /[0-9.]+\.[0-9]+$/.exec(text)?.[0];
  const plain = quad === undefined ? text : text.slice(0, -quad.length) + quadGroups(quad);
  const [head = '', tail] = plain.split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const gap = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => 0);
  return Buffer.from([...left, ...gap, ...right].flatMap((group) => [group >> 8, group & 0xff]));
}

function quadGroups(quad: string): string {
  return Buffer.from(quad.split('.').map(Number))
    .toString('hex')
    .replace(/^(.{4})/, '$1:');
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** Go's net.IP.String: IPv4-mapped addresses as IPv4, and in IPv6 the first longest run of zero groups as "::". */
export function ipText(address: Buffer): string {
  if (address.length === 4) return [...address].join('.');
  if (address.subarray(0, mappedPrefix.length).equals(mappedPrefix))
    return ipText(address.subarray(mappedPrefix.length));
  const parts = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(2 * index).toString(16));
  const run = longestZeroRun(parts);
  if (run.length < 2) return parts.join(':');
  return `${parts.slice(0, run.at).join(':')}::${parts.slice(run.at + run.length).join(':')}`;
}

function longestZeroRun(parts: readonly string[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < parts.length; at += 1) {
    const end = parts.findIndex((part, index) => index >= at && part !== '0');
    const length = (end < 0 ? parts.length : end) - at;
    if (length > best.length) best = { at, length };
  }
  return best;
}
