/** Applies manifests as `kubectl apply --server-side` does. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/api/object.ts';
import { type RawClient, textAt, valueAt } from './rawclient.ts';

interface KnownKind {
  readonly plural: string;
  readonly namespaced: boolean;
}

export class Applier {
  readonly #client: RawClient;
  /** By apiVersion and kind. */
  readonly #kinds = new Map<string, KnownKind>();

  constructor(client: RawClient) {
    this.#client = client;
  }

  /**
   * @param manifest YAML text of one or several documents, or the path of a file with it
   * @param namespace of objects that name none
   * @throws Error with the server's message for the first object that is refused
   */
  async apply(manifest: string, namespace: string): Promise<void> {
    const text = !manifest.includes('\n') && existsSync(manifest) ? await readFile(manifest, 'utf8') : manifest;
    for (const document of parseAllDocuments(text)) {
      // Empty documents between separators are nothing to apply.
      const object = document.toJS() as KubeObject | null;
      if (object !== null) await this.applyObject(object, namespace);
    }
  }

  async applyObject(object: KubeObject, namespace: string): Promise<void> {
    const { apiVersion = '', kind = '', metadata } = object;
    const known = await this.#kindOf(apiVersion, kind);
    const scope = known.namespaced ? `/namespaces/${metadata.namespace ?? namespace}` : '';
    const path = `${rootOf(apiVersion)}${scope}/${known.plural}/${metadata.name}`;
    const answer = await this.#client.send(`${path}?fieldManager=test&force=true&fieldValidation=Strict`, {
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
    if (answer.status > 299) throw new Error(`${kind} ${metadata.name}: ${textAt(answer.body, 'message')}`);
  }

  async #kindOf(apiVersion: string, kind: string): Promise<KnownKind> {
    const known = this.#kinds.get(`${apiVersion} ${kind}`);
    if (known !== undefined) return known;
    const { body } = await this.#client.send(rootOf(apiVersion));
    const resources = valueAt(body, 'resources');
    const found = Array.isArray(resources)
      ? resources.find((each) => textAt(each, 'kind') === kind && !textAt(each, 'name').includes('/'))
      : undefined;
    if (found === undefined) throw new Error(`the server has no kind ${kind} in ${apiVersion}`);
    const answer = { plural: textAt(found, 'name'), namespaced: valueAt(found, 'namespaced') === true };
    this.#kinds.set(`${apiVersion} ${kind}`, answer);
    return answer;
  }
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
