/** Makes the values of a Secret from what was read: entry by entry, later keys win. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import { isSecretNotFound, ProviderError } from '../../provider/errors.ts';
import type { RemoteSecret, SecretMap } from '../../provider/provider.ts';
import { TerminalError } from '../../runtime/errors.ts';
import type { ExternalSecretDeps } from './deps.ts';
import type { Entry } from './entries.ts';
import { treatingEntry } from './entryerror.ts';
import { treatMap, treatValue } from './keys.ts';
import type { TemplateEngine } from './render.ts';
import { type Redact, rewriteWith } from './rewriting.ts';

type PickDeps = Pick<ExternalSecretDeps, 'recorder'>;

/** What was read for an entry, or why it could not be. */
export type Answer = RemoteSecret | SecretMap | ProviderError;

export interface Picking {
  readonly learn: Redact;
  /** Present when an entry needs it. */
  readonly transforms: TemplateEngine | undefined;
}

export function usesTransform(entries: readonly Entry[]): boolean {
  return entries.some((entry) => 'rewrite' in entry && entry.rewrite.some(({ transform }) => transform !== undefined));
}

/** Applies the entries in order: later keys win. */
export function assemble(
  deps: PickDeps,
  externalSecret: ExternalSecret,
  entries: readonly Entry[],
  answers: readonly Answer[],
  picking: Picking,
): SecretMap {
  const values: SecretMap = new Map();
  for (const [index, entry] of entries.entries()) {
    const part = treatingEntry(entry, () =>
      valuesOf(deps, entry, answers[index] ?? unanswered(), picking, externalSecret),
    );
    for (const [key, value] of part) values.set(key, value);
  }
  return values;
}

/** A missing secret counts as nothing unless the Secret has to be retained. */
function valuesOf(
  deps: PickDeps,
  entry: Entry,
  answer: Answer,
  picking: Picking,
  externalSecret: ExternalSecret,
): SecretMap {
  try {
    if (answer instanceof ProviderError) throw answer;
    return pick(entry, answer, picking);
  } catch (error) {
    if (!isSecretNotFound(error) || externalSecret.spec.target.deletionPolicy === 'Retain') throw error;
    deps.recorder.normal(
      externalSecret,
      'MissingProviderSecret',
      `${entry.path}: the secret does not exist at the provider`,
    );
    return new Map();
  }
}

function pick(entry: Entry, answer: RemoteSecret | SecretMap, { learn, transforms }: Picking): SecretMap {
  switch (entry.kind) {
    case 'value': {
      const value = asRemote(answer).value(entry.ref.property);
      learn([value]);
      const treated = treatValue(entry.secretKey, value, entry.ref);
      learn([treated]);
      return new Map([[entry.secretKey, treated]]);
    }
    case 'generatedValue': {
      const generated = asMap(answer);
      learn(generated.values());
      return new Map([[entry.secretKey, treatValue(entry.secretKey, generatedValue(entry, generated), entry.ref)]]);
    }
    case 'map': {
      const map = asRemote(answer).map(entry.ref.property);
      learn(map.values());
      return treatMap(rewriteWith(transforms, entry.rewrite, map), entry.ref, entry.rewrite.length > 0);
    }
    case 'find': {
      const map = asMap(answer);
      learn(map.values());
      return treatMap(rewriteWith(transforms, entry.rewrite, map), entry.find, entry.rewrite.length > 0);
    }
    case 'generatedMap': {
      const map = asMap(answer);
      learn(map.values());
      return treatMap(rewriteWith(transforms, entry.rewrite, map), {}, true);
    }
  }
}

/** `data[].sourceRef.generatorRef`: the key of the generator's result is the property, or the remote key. */
function generatedValue(entry: Extract<Entry, { kind: 'generatedValue' }>, generated: SecretMap): Uint8Array {
  const key = entry.ref.property ?? entry.ref.key;
  const value = generated.get(key);
  if (value !== undefined) return value;
  const keys = [...generated.keys()].join(', ');
  throw new TerminalError(
    'SecretSyncedError',
    `generator "${entry.generator.name}" makes no key "${key}"; it makes: ${keys}`,
  );
}

function asMap(answer: RemoteSecret | SecretMap): SecretMap {
  if (answer instanceof Map) return answer;
  throw new Error('a single secret came where many were asked for');
}

function asRemote(answer: RemoteSecret | SecretMap): RemoteSecret {
  if (answer instanceof Map) throw new Error('many secrets came where one was asked for');
  return answer;
}

/** The provider broke its contract. */
export function unanswered(): ProviderError {
  return new ProviderError('unavailable', 'the provider gave no answer');
}
