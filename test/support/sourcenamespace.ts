/** A namespace that stores of the kubernetes provider read from, with a ServiceAccount that may. */
import { loadConnection } from '../../src/kube/config.ts';
import { secrets } from '../../src/kube/resources.ts';
import { requestToken } from '../../src/kube/tokenrequest.ts';
import { realClock } from '../../src/runtime/clock.ts';
import { encoded } from './workspace.ts';
import type { World } from './world.ts';

export class SourceNamespace {
  readonly name: string;
  readonly #world: World;
  readonly #server: object;

  private constructor(world: World, name: string, server: object) {
    this.name = name;
    this.#world = world;
    this.#server = server;
  }

  static async create(world: World): Promise<SourceNamespace> {
    const connection = await loadConnection({ environment: { KUBECONFIG: world.kubeconfigPath }, clock: realClock });
    const { ca = '' } = await connection.tls();
    const name = await world.createNamespace('source');
    await world.apply('apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader}\n', name);
    // The dev server lets everybody do everything, and knows no roles.
    if (world.type === 'control-plane') await world.apply(role, name);
    return new SourceNamespace(world, name, { url: world.url, caBundle: Buffer.from(ca).toString('base64') });
  }

  /** `spec.provider` of a store that reads here. */
  provider(auth: object): object {
    return { kubernetes: { remoteNamespace: this.name, server: this.#server, auth } };
  }

  /** With the token that stands in a Secret of the store's, or of the user's, namespace. */
  providerWithToken(secretName: string): object {
    return this.provider({ token: { bearerToken: { name: secretName, key: 'token' } } });
  }

  async put(name: string, data: Readonly<Record<string, string>>): Promise<void> {
    const { kube } = this.#world;
    await kube.delete(secrets, { namespace: this.name, name }).catch(() => undefined);
    await kube.create(secrets, { metadata: { name, namespace: this.name }, data: encoded(data) });
  }

  /** Lets its bearer read here, for an hour. */
  async token(): Promise<string> {
    const reader = { namespace: this.name, name: 'reader' };
    const { token } = await requestToken(this.#world.kube, reader, { audiences: [], expirationSeconds: 3_600 });
    return token;
  }
}

const role = `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules:
  - {apiGroups: [""], resources: [secrets], verbs: [get, list, watch]}
  - {apiGroups: [authorization.k8s.io], resources: [selfsubjectrulesreviews, selfsubjectaccessreviews], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: reader}]
`;
