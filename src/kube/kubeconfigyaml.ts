/** The only importer of the YAML parser here: loaded when there is a kubeconfig to read, which in a pod there is not. */
import { parse, YAMLError } from 'yaml';
import type { KubeconfigSource } from './kubeconfig.ts';

/** @throws Error that names the file and does not quote it */
export function parseKubeconfigYaml(source: KubeconfigSource): unknown {
  try {
    return parse(source.text) ?? {};
  } catch (error) {
    // The parser's error quotes the file, which holds keys and tokens.
    throw error instanceof YAMLError ? new Error(`${source.path} is not YAML`) : error;
  }
}
