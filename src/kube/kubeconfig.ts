/** The kubeconfig file format, as far as a client needs it. */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

const Cluster = z.object({
  server: z.string(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
});

const Exec = z.looseObject({
  apiVersion: z.string().optional(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});

const AuthProvider = z.looseObject({ name: z.string(), config: z.record(z.string(), z.unknown()).nullish() });

const User = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  as: z.string().optional(),
  'as-uid': z.string().optional(),
  'as-groups': z.array(z.string()).optional(),
  exec: Exec.nullish(),
  'auth-provider': AuthProvider.nullish(),
});

const Context = z.object({ cluster: z.string(), user: z.string().optional(), namespace: z.string().optional() });

const KubeconfigFile = z.object({
  'current-context': z.string().nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: Cluster })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context: Context })).nullish(),
  users: z.array(z.object({ name: z.string(), user: User.nullish() })).nullish(),
});

export type KubeconfigCluster = z.infer<typeof Cluster>;
export type KubeconfigUser = z.infer<typeof User>;

/** What one context stands for; paths are absolute. */
export interface KubeconfigContext {
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
  readonly userName: string;
  readonly namespace: string;
}

export interface KubeconfigSource {
  readonly path: string;
  readonly text: string;
}

/**
 * The chosen context of one or several files; of several entries with one name the first counts, as with kubectl.
 * @param context undefined: the current one
 * @throws Error that names what is missing or malformed, and no values
 */
export async function resolveContext(
  sources: readonly KubeconfigSource[],
  context: string | undefined,
): Promise<KubeconfigContext> {
  const files = await Promise.all(sources.map(parse));
  const name = context ?? firstOf(files, (file) => file['current-context'] || undefined);
  if (name === undefined) throw new Error('the kubeconfig has no current-context');
  const chosen = firstOf(files, (file) => file.contexts?.find((entry) => entry.name === name)?.context);
  if (chosen === undefined) throw new Error(`the kubeconfig has no context ${name}`);
  const cluster = firstOf(files, (file) => file.clusters?.find((entry) => entry.name === chosen.cluster)?.cluster);
  if (cluster === undefined) throw new Error(`the kubeconfig has no cluster ${chosen.cluster}`);
  const user = firstOf(files, (file) => file.users?.find((entry) => entry.name === chosen.user)?.user ?? undefined);
  return { cluster, user: user ?? {}, userName: chosen.user ?? '', namespace: chosen.namespace ?? 'default' };
}

type KubeconfigFile = z.infer<typeof KubeconfigFile>;

async function parse(source: KubeconfigSource): Promise<KubeconfigFile> {
  const { parseKubeconfigYaml } = await import('./kubeconfigyaml.ts');
  const result = KubeconfigFile.safeParse(parseKubeconfigYaml(source));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Error(`${source.path} is not a kubeconfig: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return withAbsolutePaths(result.data, dirname(source.path));
}

function withAbsolutePaths(file: KubeconfigFile, folder: string): KubeconfigFile {
  const clusters = file.clusters?.map(({ name, cluster }) => {
    return { name, cluster: { ...cluster, ...absolute(cluster, ['certificate-authority'], folder) } };
  });
  const users = file.users?.map(({ name, user }) => {
    if (user == null) return { name };
    const paths = absolute(user, ['client-certificate', 'client-key', 'tokenFile'], folder);
    return { name, user: { ...user, ...paths, exec: user.exec && withAbsoluteCommand(user.exec, folder) } };
  });
  return { ...file, clusters, users };
}

/** A command without a slash is looked for on the PATH. */
function withAbsoluteCommand(exec: z.infer<typeof Exec>, folder: string): z.infer<typeof Exec> {
  return exec.command.includes('/') ? { ...exec, command: resolve(folder, exec.command) } : exec;
}

function absolute<K extends string>(
  holder: Partial<Record<K, string | undefined>>,
  names: readonly K[],
  folder: string,
): Partial<Record<K, string>> {
  const paths: Partial<Record<K, string>> = {};
  for (const name of names) {
    const path = holder[name];
    if (path !== undefined && path !== '') paths[name] = resolve(folder, path);
  }
  return paths;
}

function firstOf<T>(files: readonly KubeconfigFile[], pick: (file: KubeconfigFile) => T | undefined): T | undefined {
  for (const file of files) {
    const found = pick(file);
    if (found !== undefined) return found;
  }
  return undefined;
}
