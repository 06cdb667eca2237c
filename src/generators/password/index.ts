/** The Password generator: random passwords of letters, digits and symbols. */
import { randomInt } from 'node:crypto';
import { PasswordGeneratorSpec } from '../../api/generators/password.ts';
import { ProviderError } from '../../provider/errors.ts';
import type { Generator } from '../../provider/generator.ts';
import { encode } from './encoding.ts';
import { makePassword, type Random, recipeOf } from './password.ts';

export const generator = passwordGenerator((below) => randomInt(below));

/** @param random an unbiased source; tests bring their own */
export function passwordGenerator(random: Random): Generator<PasswordGeneratorSpec> {
  return {
    kind: 'Password',
    clusterSpecKey: 'passwordSpec',
    Spec: PasswordGeneratorSpec,
    async generate(spec) {
      const recipe = recipeOf(spec);
      const keys = keysOf(spec);
      return { values: new Map(keys.map((key) => [key, encode(spec.encoding, makePassword(recipe, random))])) };
    },
  };
}

function keysOf({ secretKeys = ['password'] }: PasswordGeneratorSpec): readonly string[] {
  if (secretKeys.includes('') || new Set(secretKeys).size < secretKeys.length) {
    throw new ProviderError('invalid', 'secretKeys must not be empty and must differ from each other');
  }
  return secretKeys;
}
