/** The constraint language of Masterminds/semver v3.4: ranges, wildcards, tilde, caret, and, or. */
import { RE2JS } from 're2js';
import { comparePrereleases, compareVersions, parseVersion, type Version, VersionError } from './version.ts';

/** A constraint: groups joined by `||`, each of terms that must all hold. */
export type Constraint = readonly Group[];

interface Group {
  readonly terms: readonly Term[];
  /** Pre-releases can satisfy a group only when one of its terms names a pre-release. */
  readonly allowsPrereleases: boolean;
}

interface Term {
  readonly operator: string;
  readonly version: Version;
  /** What is left open: everything (`*`), minor and patch (`1`), the patch (`1.2.x`), or nothing. */
  readonly open: 'all' | 'minor' | 'patch' | 'nothing';
}

const version = '[0-9|xX*]+';
const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const versionText = `v?${version}(?:\\.${version})?(?:\\.${version})?(?:-${identifiers})?(?:\\+${identifiers})?`;
const versionParts = `v?(${version})(?:\\.(${version}))?(?:\\.(${version}))?(-${identifiers})?(?:\\+${identifiers})?`;
const operator = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^';

// These run on user input and have adjacent `\s*`, so they are matched in linear time.
const range = RE2JS.compile(`\\s*(${versionText})\\s+-\\s+(${versionText})\\s*`);
const term = RE2JS.compile(`(?:${operator})\\s*${versionText}`);
const wholeTerm = RE2JS.compile(`^\\s*(${operator})\\s*(?:${versionParts})\\s*$`);
const group = RE2JS.compile(
  `^\\s*(?:${operator})\\s*${versionText}\\s*(?:(?:\\s+|,\\s*)(?:${operator})\\s*${versionText}\\s*)*$`,
);

/** Parses a constraint; throws VersionError for what is none. */
export function parseConstraint(text: string): Constraint {
  return rewriteRanges(text).split('||').map(parseGroup);
}

/** `1.2 - 2.0` means `>= 1.2, <= 2.0`. */
function rewriteRanges(text: string): string {
  let rewritten = text;
  const matcher = range.matcher(text);
  while (matcher.find()) {
    const replacement = `>= ${matcher.group(1) ?? ''}, <= ${matcher.group(2) ?? ''} `;
    // As Go's Replace with a count of one: the first occurrence, wherever the match itself was.
    rewritten = rewritten.replace(matcher.group() ?? '', () => replacement);
  }
  return rewritten;
}

function parseGroup(text: string): Group {
  if (!group.matches(text)) throw new VersionError(`improper constraint: ${text}`);
  const terms: Term[] = [];
  const matcher = term.matcher(text);
  while (matcher.find()) terms.push(parseTerm(matcher.group() ?? ''));
  return { terms, allowsPrereleases: terms.some(({ version }) => version.prerelease !== '') };
}

function parseTerm(text: string): Term {
  const matcher = wholeTerm.matcher(text);
  if (!matcher.find()) throw new VersionError(`improper constraint: ${text}`);
  const [major, minor, patch, prerelease] = [2, 3, 4, 5].map((at) => matcher.group(at) ?? '');
  const open = isOpen(major) ? 'all' : isOpen(minor) ? 'minor' : isOpen(patch) ? 'patch' : 'nothing';
  const numbers =
    open === 'all'
      ? '0.0.0'
      : open === 'minor'
        ? `${major}.0.0`
        : open === 'patch'
          ? `${major}.${minor}.0`
          : `${major}.${minor}.${patch}`;
  return { operator: matcher.group(1) ?? '', version: parseBound(numbers + prerelease), open };
}

function isOpen(part: string | undefined): boolean {
  return part === undefined || part === '' || part === 'x' || part === 'X' || part === '*';
}

function parseBound(text: string): Version {
  try {
    return parseVersion(text);
  } catch (cause) {
    throw new VersionError('constraint parser error', { cause });
  }
}

/** True when the version satisfies one of the constraint's groups. */
export function satisfies(candidate: Version, constraint: Constraint): boolean {
  return constraint.some(({ terms, allowsPrereleases }) => {
    if (candidate.prerelease !== '' && !allowsPrereleases) return false;
    return terms.every((each) => holds(candidate, each));
  });
}

function holds(candidate: Version, { operator, version, open }: Term): boolean {
  switch (operator) {
    case '!=':
      return isOutside(candidate, version, open);
    case '>':
      return isAbove(candidate, version, open);
    case '<':
      return compareVersions(candidate, version) < 0;
    case '>=':
    case '=>':
      return compareVersions(candidate, version) >= 0;
    case '<=':
    case '=<':
      return isUpTo(candidate, version, open);
    case '~':
    case '~>':
      return isNear(candidate, version, open);
    case '^':
      return isCompatible(candidate, version, open);
    default:
      return open === 'nothing' ? compareVersions(candidate, version) === 0 : isNear(candidate, version, open);
  }
}

type Open = Term['open'];

function isOutside(candidate: Version, bound: Version, open: Open): boolean {
  if (open === 'nothing') return compareVersions(candidate, bound) !== 0;
  if (candidate.major !== bound.major) return true;
  if (open === 'minor') return false;
  if (candidate.minor !== bound.minor) return true;
  if (open === 'patch') return comparePrereleases(candidate.prerelease, bound.prerelease) !== 0;
  return candidate.patch !== bound.patch || compareVersions(candidate, bound) !== 0;
}

/** `>1` begins at 2.0.0 and `>1.2` at 1.3.0. */
function isAbove(candidate: Version, bound: Version, open: Open): boolean {
  if (open === 'nothing') return compareVersions(candidate, bound) > 0;
  if (candidate.major !== bound.major) return candidate.major > bound.major;
  if (open === 'minor') return false;
  return open === 'patch' ? candidate.minor > bound.minor : compareVersions(candidate, bound) > 0;
}

/** `<=1` includes all of 1.x, `<=1.2` all of 1.2.x. */
function isUpTo(candidate: Version, bound: Version, open: Open): boolean {
  if (open === 'nothing') return compareVersions(candidate, bound) <= 0;
  if (candidate.major !== bound.major) return candidate.major < bound.major;
  return open === 'minor' || candidate.minor <= bound.minor;
}

/** From the bound up to its next minor version, or its next major one when the minor is open. */
function isNear(candidate: Version, bound: Version, open: Open): boolean {
  if (compareVersions(candidate, bound) < 0) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isZero && (open === 'all' || open === 'nothing')) return true;
  return candidate.major === bound.major && (open === 'minor' || candidate.minor === bound.minor);
}

/** From the bound up to the next change of its first number that is not zero. */
function isCompatible(candidate: Version, bound: Version, open: Open): boolean {
  if (compareVersions(candidate, bound) < 0) return false;
  if (bound.major > 0n || open === 'minor') return candidate.major === bound.major;
  if (candidate.major > 0n) return false;
  if (bound.minor > 0n || open === 'patch') return candidate.minor === bound.minor;
  return candidate.minor === 0n && candidate.patch === bound.patch;
}
