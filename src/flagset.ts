/** Adds flags to a command and reads them back with their types. Accepts what Go's pflag accepts. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Flag, FlagType } from './flags.ts';
import { durationMsOr } from './lib/duration.ts';

export type FlagValue = string | boolean | number | readonly string[];
/** By the flag's name; durations are in milliseconds. */
export type FlagValues = ReadonlyMap<string, FlagValue>;

export function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const flag of flags) {
    command.addOption(optionOf(flag.name, flag, flag.description));
    if (flag.alias !== undefined) command.addOption(optionOf(flag.alias, flag, `the same as --${flag.name}`));
  }
}

/** A flag that was given wins over its default, whichever of its names was used. */
export function readFlags(command: Command, flags: readonly Flag[]): FlagValues {
  const given = command.opts<Record<string, FlagValue | undefined>>();
  const values = new Map<string, FlagValue>();
  for (const flag of flags) {
    const value = given[attributeOf(flag.name)] ?? (flag.alias && given[attributeOf(flag.alias)]);
    values.set(
      flag.name,
      value || value === false || value === 0 || value === '' ? value : parseFlag(flag.type, flag.default),
    );
  }
  return values;
}

/** What the flags mean when none is given. */
export function defaultFlags(flags: readonly Flag[]): FlagValues {
  return new Map(flags.map(({ name, type, default: text }) => [name, parseFlag(type, text)]));
}

/**
 * Rewrites arguments so that a bool flag never takes the word behind it for its value: `--flag` means `--flag=true`,
 * as in pflag.
 */
export function normalizeArguments(argv: readonly string[], flags: readonly Flag[]): readonly string[] {
  const bools = new Set(flags.filter((flag) => flag.type === 'bool').flatMap((flag) => [flag.name, flag.alias]));
  return argv.map((argument) => {
    const name = /^--([^=]+)$/.exec(argument)?.[1];
    return name !== undefined && bools.has(name) ? `${argument}=true` : argument;
  });
}

function optionOf(name: string, flag: Flag, description: string): Option {
  const shown = flag.default === '' ? '' : ` (default ${flag.default})`;
  const placeholder = flag.type === 'bool' ? 'true|false' : flag.type;
  const option = new Option(`--${name} <${placeholder}>`, `${description}${shown}`);
  option.argParser((text: string) => parseFlag(flag.type, text));
  return option;
}

/** commander's own camel-casing: only letters after a dash change. */
function attributeOf(name: string): string {
  return new Option(`--${name} <value>`).attributeName();
}

function parseFlag(type: FlagType, text: string): FlagValue {
  switch (type) {
    case 'string':
      return text;
    case 'list':
      return text === '' ? [] : text.split(',').map((item) => item.trim());
    case 'bool':
      return parseBool(text);
    case 'int':
    case 'float':
      return parseNumber(type, text);
    case 'duration':
      return durationMsOr(text, undefined) ?? refuse(`"${text}" is not a duration such as 30s or 5m`);
  }
}

/** The words that Go's strconv.ParseBool knows. */
function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  return refuse(`"${text}" is neither true nor false`);
}

function parseNumber(type: 'int' | 'float', text: string): number {
  const value = Number(text);
  const isValid = text.trim() !== '' && (type === 'int' ? Number.isSafeInteger(value) : Number.isFinite(value));
  return isValid ? value : refuse(`"${text}" is not a number`);
}

function refuse(message: string): never {
  throw new InvalidArgumentError(message);
}
