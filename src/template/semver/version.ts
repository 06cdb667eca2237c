/** Semantic versions as Masterminds/semver v3.4 reads and compares them: a leading v, and missing parts, are allowed. */
import { parseUint64 } from '../strconv/int.ts';

/** A text that is no version, or part of one that is not valid. */
export class VersionError extends Error {
  override readonly name = 'VersionError';
}

/** An immutable version. Its numbers are unsigned 64-bit integers. */
export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** The text it was read from, or its canonical text with the `v` that text had. */
  readonly original: string;
}

const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const loose = new RegExp(`^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${identifiers}))?(?:\\+(${identifiers}))?$`);

export function parseVersion(text: string): Version {
  const match = loose.exec(text);
  if (match === null) throw new VersionError('invalid semantic version');
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
  const version = { major: segment(major), minor: segment(minor), patch: segment(patch) };
  checkPrerelease(prerelease);
  return { ...version, prerelease, metadata, original: text };
}

function segment(digits: string): bigint {
  const parsed = parseUint64(digits, 10);
  if (parsed.ok) return parsed.value;
  throw new VersionError(`error parsing version segment: strconv.ParseUint: parsing "${digits}": ${parsed.reason}`);
}

function checkPrerelease(prerelease: string): void {
  if (prerelease === '') return;
  for (const part of prerelease.split('.')) {
    if (!/^[0-9A-Za-z-]+$/.test(part)) throw new VersionError('invalid prerelease string');
    if (/^0[0-9]+$/.test(part)) throw new VersionError('version segment starts with 0');
  }
}

/** The canonical text: three numbers, never a `v`. */
export function formatVersion(version: Omit<Version, 'original'>): string {
  const { major, minor, patch, prerelease, metadata } = version;
  return `${major}.${minor}.${patch}${prerelease && `-${prerelease}`}${metadata && `+${metadata}`}`;
}

/** `version` with some parts replaced; the new original keeps the old one's `v`. */
function change(version: Version, parts: Partial<Omit<Version, 'original'>>): Version {
  const next = { ...version, ...parts };
  return { ...next, original: (version.original.startsWith('v') ? 'v' : '') + formatVersion(next) };
}

function increment(value: bigint): bigint {
  return BigInt.asUintN(64, value + 1n);
}

/** The next patch; of a pre-release, the release itself. */
export function incPatch(version: Version): Version {
  const patch = version.prerelease === '' ? increment(version.patch) : version.patch;
  return change(version, { patch, prerelease: '', metadata: '' });
}

export function incMinor(version: Version): Version {
  return change(version, { minor: increment(version.minor), patch: 0n, prerelease: '', metadata: '' });
}

export function incMajor(version: Version): Version {
  return change(version, { major: increment(version.major), minor: 0n, patch: 0n, prerelease: '', metadata: '' });
}

export function setPrerelease(version: Version, prerelease: string): Version {
  checkPrerelease(prerelease);
  return change(version, { prerelease });
}

export function setMetadata(version: Version, metadata: string): Version {
  const valid = metadata.split('.').every((part) => /^[0-9A-Za-z-]+$/.test(part));
  if (metadata !== '' && !valid) throw new VersionError('invalid metadata string');
  return change(version, { metadata });
}

/** -1, 0 or 1. Metadata does not count; a pre-release comes before its release. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  const numbers = compare(a.major, b.major) || compare(a.minor, b.minor) || compare(a.patch, b.patch);
  if (numbers !== 0 || a.prerelease === b.prerelease) return numbers;
  if (a.prerelease === '') return 1;
  return b.prerelease === '' ? -1 : comparePrereleases(a.prerelease, b.prerelease);
}

export function comparePrereleases(a: string, b: string): -1 | 0 | 1 {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareParts(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by value and before words, words by their bytes, a missing part first. */
function compareParts(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? -1 : 1;
  const [left, right] = [parseUint64(a, 10), parseUint64(b, 10)];
  if (left.ok && right.ok) return left.value > right.value ? 1 : -1;
  if (left.ok || right.ok) return left.ok ? -1 : 1;
  return a > b ? 1 : -1;
}

function compare(a: bigint, b: bigint): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}
