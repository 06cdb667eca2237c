/** The functions of sprig, and with them ESO's YAML functions, by family. */
import type { TemplateFunction } from '../function.ts';
import { casingFunctions } from './casing.ts';
import { cryptoFunctions } from './crypto.ts';
import { dateFunctions } from './date.ts';
import { dictFunctions } from './dict.ts';
import { encodingFunctions } from './encoding.ts';
import { jsonFunctions } from './json.ts';
import { layoutFunctions } from './layout.ts';
import { listFunctions } from './list.ts';
import { logicFunctions } from './logic.ts';
import { mathFunctions } from './math.ts';
import { pathFunctions } from './path.ts';
import { randomFunctions } from './random.ts';
import { reflectFunctions } from './reflect.ts';
import { regexFunctions } from './regex.ts';
import { semverFunctions } from './semver.ts';
import { stringFunctions } from './strings.ts';
import { urlFunctions } from './url.ts';
import { yamlFunctions } from './yaml.ts';

/** `env`, `expandenv` and `getHostByName` are absent on purpose: they would show the operator's own surroundings. */
export const sprigFunctions: readonly TemplateFunction[] = [
  ...stringFunctions,
  ...casingFunctions,
  ...layoutFunctions,
  ...randomFunctions,
  ...mathFunctions,
  ...listFunctions,
  ...dictFunctions,
  ...logicFunctions,
  ...jsonFunctions,
  ...yamlFunctions,
  ...encodingFunctions,
  ...semverFunctions,
  ...pathFunctions,
  ...urlFunctions,
  ...reflectFunctions,
  ...regexFunctions,
  ...dateFunctions,
  ...cryptoFunctions,
];
