/** The functions that ESO adds to sprig's, but for YAML and hexadecimal. */
import type { TemplateFunction } from '../function.ts';
import { jwkFunctions } from './jwk.ts';
import { pemFunctions } from './pem.ts';
import { pkcs12Functions } from './pkcs12.ts';
import { rsaFunctions } from './rsa.ts';

export const filterFunctions: readonly TemplateFunction[] = [
  ...pemFunctions,
  ...pkcs12Functions,
  ...jwkFunctions,
  ...rsaFunctions,
];
