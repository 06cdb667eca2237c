/** Picks and mixes the characters of one password; the rules are those of ESO 2.9. */
import type { PasswordGeneratorSpec } from '../../api/generators/password.ts';
import { ProviderError } from '../../provider/errors.ts';

/** An integer from 0 to below `below`, each as likely as the others. */
export type Random = (below: number) => number;

/** How many characters of which sets. */
export interface Recipe {
  readonly parts: readonly Part[];
  readonly allowRepeat: boolean;
}

interface Part {
  readonly name: string;
  readonly count: number;
  /** Each once. */
  readonly characters: readonly string[];
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digitCharacters = '0123456789';
const defaultSymbols = '~!@#$%^&*()_+`-={}|[]\\:"<>?,./';

const defaultLength = 24;
/** Nothing takes longer passwords; a Secret takes 1 MiB in all. */
const longest = 65_536;

/** @throws ProviderError `invalid` when the spec asks for what cannot be */
export function recipeOf(spec: PasswordGeneratorSpec): Recipe {
  const length = spec.length > 0 ? spec.length : defaultLength;
  const quarter = Math.floor(length / 4);
  const { digits = quarter, symbols = quarter, allowRepeat } = spec;
  if (length > longest) throw invalid(`length is ${length}, more than ${longest}`);
  if (digits < 0 || symbols < 0) throw invalid('digits and symbols must not be negative');
  if (digits + symbols > length)
    throw invalid(`digits and symbols together are ${digits + symbols}, more than the length ${length}`);
  const letters = spec.noUpper ? lower : lower + lower.toUpperCase();
  const parts = [
    // The small sets first: without repetition, characters that two sets share go where they are scarce.
    part(
      'symbols',
      symbols,
      spec.symbolCharacters === undefined || spec.symbolCharacters === '' ? defaultSymbols : spec.symbolCharacters,
    ),
    part('digits', digits, digitCharacters),
    part('letters', length - digits - symbols, letters),
  ];
  for (const { name, count, characters } of parts) {
    if (!allowRepeat && count > characters.length) {
      throw invalid(`${count} ${name} are wanted, but there are only ${characters.length} and allowRepeat is false`);
    }
  }
  return { parts, allowRepeat };
}

function part(name: string, count: number, characters: string): Part {
  return { name, count, characters: [...new Set(Array.from(characters))] };
}

/** @throws ProviderError `invalid` when sets overlap so much that a character would have to be repeated */
export function makePassword({ parts, allowRepeat }: Recipe, random: Random): string {
  const password: string[] = [];
  for (const { name, count, characters } of parts) {
    const open = allowRepeat ? [...characters] : characters.filter((character) => !password.includes(character));
    for (let picked = 0; picked < count; picked += 1) {
      if (open.length === 0) throw invalid(`there are not enough different ${name}, and allowRepeat is false`);
      const index = random(open.length);
      password.push(open[index] ?? '');
      if (!allowRepeat) open.splice(index, 1);
    }
  }
  return shuffle(password, random).join('');
}

/** Fisher and Yates: every order is as likely as the others. */
function shuffle(characters: readonly string[], random: Random): string[] {
  const shuffled = [...characters];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] ?? '', shuffled[last] ?? ''];
  }
  return shuffled;
}

function invalid(message: string): ProviderError {
  return new ProviderError('invalid', message);
}
