// Writes src/template/time/zones.generated.ts from a compiled IANA time zone database (TZif files, RFC 9636).
// The table is committed, so that a template renders the same wherever it runs and reads no file:
//   node scripts/generate-zones.mjs [ZONEINFO_DIRECTORY]
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Location } from '../src/template/time/location.ts';

const directory = process.argv[2] ?? '/usr/share/zoneinfo';
const output = new URL('../src/template/time/zones.generated.ts', import.meta.url);
// Leap-second and duplicate trees, and the machine's own zone.
const left = new Set(['posix', 'right', 'localtime']);

function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    if (folder === directory && left.has(name)) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

function readHeader(file, at) {
  const counts = [0, 1, 2, 3, 4, 5].map((index) => file.readUInt32BE(at + 20 + 4 * index));
  const [utcFlags, standardFlags, leaps, transitions, types, characters] = counts;
  return { utcFlags, standardFlags, leaps, transitions, types, characters };
}

function bodyLength(header, timeSize) {
  const { utcFlags, standardFlags, leaps, transitions, types, characters } = header;
  return transitions * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standardFlags + utcFlags;
}

// The 64-bit block that follows the 32-bit one, and the TZ rule in the footer.
function parse(file) {
  const start = 44 + bodyLength(readHeader(file, 0), 4);
  const header = readHeader(file, start);
  const times = start + 44;
  const indexes = times + 8 * header.transitions;
  const types = indexes + header.transitions;
  const names = types + 6 * header.types;
  const abbreviationAt = (offset) => file.toString('latin1', names + offset, file.indexOf(0, names + offset));
  return {
    types: Array.from({ length: header.types }, (_, index) => ({
      offset: file.readInt32BE(types + 6 * index),
      isDST: file[types + 6 * index + 4] !== 0,
      abbreviation: abbreviationAt(file[types + 6 * index + 5]),
    })),
    transitions: Array.from({ length: header.transitions }, (_, index) => ({
      at: Number(file.readBigInt64BE(times + 8 * index)),
      type: file[indexes + index],
    })),
    rule: file.toString('latin1', times + bodyLength(header, 8)).trim(),
  };
}

// Transitions that the rule makes anyway are dropped, as `zic -b slim` does: the rule holds from the last one kept on.
function slim({ types, transitions, rule }) {
  let kept = transitions.length;
  if (rule === '') return { types, transitions, rule };
  while (kept > 1) {
    const shorter = new Location('', types, transitions.slice(0, kept - 1), rule);
    if (![kept - 2, kept - 1].every((index) => agrees(shorter, types, transitions, index))) break;
    kept -= 1;
  }
  return { types, transitions: transitions.slice(0, kept), rule };
}

// Whether the location has the transition's type from it to the next.
function agrees(location, types, transitions, index) {
  const { at, type } = transitions[index];
  const until = transitions[index + 1]?.at ?? at + 86_400;
  return [at, Math.floor((at + until) / 2), until - 1].every((moment) => {
    const period = location.lookup(BigInt(moment));
    const { offset, isDST, abbreviation } = types[type];
    return period.offset === offset && period.isDST === isDST && period.abbreviation === abbreviation;
  });
}

// `abbreviation offset` (with * for daylight saving time), then type and base-36 seconds since the last transition.
function encode({ types, transitions, rule }) {
  const typeText = types.map(({ abbreviation, offset, isDST }) => `${abbreviation} ${offset}${isDST ? '*' : ''}`);
  let before = 0;
  const transitionText = transitions.map(({ at, type }) => {
    const delta = at - before;
    before = at;
    return type.toString(36) + delta.toString(36);
  });
  return [typeText.join(','), transitionText.join(' '), rule].join(';');
}

const records = [];
const names = [];
for (const path of files(directory)) {
  const file = readFileSync(path);
  if (file.toString('latin1', 0, 4) !== 'TZif') continue;
  const record = encode(slim(parse(file)));
  if (!records.includes(record)) records.push(record);
  names.push(`${relative(directory, path)} ${records.indexOf(record)}`);
}
const version = /# version (\S+)/.exec(readFileSync(join(directory, 'tzdata.zi'), 'utf8'))?.[1];
const lines = [
  '// Written by scripts/generate-zones.mjs; do not edit.',
  `/** The release of the IANA time zone database. */`,
  `export const zoneDataVersion = '${version}';`,
  '/** "name index" of every zone and link. */',
  `export const zoneNames = '${names.join(',')}';`,
  '/** "types;transitions;rule" of every distinct zone. */',
  'export const zoneRecords: readonly string[] = [',
  ...records.map((record) => `  '${record}',`),
  '];',
];
writeFileSync(output, `${lines.join('\n')}\n`);
