/** Reads the ConfigMaps and Secrets that `templateFrom` names, all in the ExternalSecret's own namespace. */
import type { ExternalSecret } from '../../api/externalsecret.ts';
import type { KubeClient } from '../../kube/client.ts';
import { orMissing } from '../../kube/ormissing.ts';
import { configMaps, secrets } from '../../kube/resources.ts';
import { TerminalError } from '../../runtime/errors.ts';
import type { TemplateSources } from './render.ts';

interface SourceDeps {
  readonly kube: Pick<KubeClient, 'get'>;
}

/** Text by key; undefined: the object does not exist. */
type Content = ReadonlyMap<string, string> | undefined;

/** Each object is read once, however many entries name it, and forgotten after the sync. */
export async function readTemplateSources(
  deps: SourceDeps,
  externalSecret: ExternalSecret,
  signal: AbortSignal,
): Promise<TemplateSources> {
  const { namespace } = externalSecret.metadata;
  const contents = new Map<string, Content>();
  for (const { configMap, secret } of externalSecret.spec.target.template?.templateFrom ?? []) {
    if (configMap !== undefined && !contents.has(`ConfigMap/${configMap.name}`)) {
      contents.set(`ConfigMap/${configMap.name}`, await readConfigMap(deps, namespace, configMap.name, signal));
    }
    if (secret !== undefined && !contents.has(`Secret/${secret.name}`)) {
      contents.set(`Secret/${secret.name}`, await readSecret(deps, namespace, secret.name, signal));
    }
  }
  return { text: (kind, name, key) => textOf(contents.get(`${kind}/${name}`), kind, name, key) };
}

function textOf(content: Content, kind: string, name: string, key: string): string {
  if (content === undefined) {
    throw new TerminalError('SecretSyncedError', `error in ${kind.toLowerCase()} ${name}: it does not exist`);
  }
  const text = content.get(key);
  if (text === undefined) {
    throw new TerminalError('SecretSyncedError', `error in ${kind.toLowerCase()} ${name}: missing key ${key}`);
  }
  return text;
}

async function readConfigMap(deps: SourceDeps, namespace: string, name: string, signal: AbortSignal): Promise<Content> {
  const configMap = await orMissing(deps.kube.get(configMaps, { namespace, name }, { signal }));
  return configMap && new Map(Object.entries(configMap.data ?? {}));
}

async function readSecret(deps: SourceDeps, namespace: string, name: string, signal: AbortSignal): Promise<Content> {
  const secret = await orMissing(deps.kube.get(secrets, { namespace, name }, { signal }));
  const entries = Object.entries(secret?.data ?? {});
  return secret && new Map(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
