/** Every kind that the operator defines, as the API server names it, in the version it is stored in. */
import type { ClusterExternalSecret } from './clusterexternalsecret.ts';
import type { ClusterPushSecret } from './clusterpushsecret.ts';
import { externalSecretsGroup, generatorsGroup } from './constants.ts';
import type { ExternalSecret } from './externalsecret.ts';
import type { ClusterGenerator, GeneratorObject, LocalGeneratorKind } from './generator.ts';
import type { GeneratorState } from './generatorstate.ts';
import type { KubeObject } from './object.ts';
import type { PushSecret } from './pushsecret.ts';
import type { Resource } from './resource.ts';
import type { ClusterSecretStore, SecretStore } from './secretstore.ts';

export const externalSecrets = namespaced<ExternalSecret>(externalSecretsGroup, 'v1', 'ExternalSecret');
export const clusterExternalSecrets = cluster<ClusterExternalSecret>(
  externalSecretsGroup,
  'v1',
  'ClusterExternalSecret',
);
export const secretStores = namespaced<SecretStore>(externalSecretsGroup, 'v1', 'SecretStore');
export const clusterSecretStores = cluster<ClusterSecretStore>(externalSecretsGroup, 'v1', 'ClusterSecretStore');
export const pushSecrets = namespaced<PushSecret>(externalSecretsGroup, 'v1alpha1', 'PushSecret');
export const clusterPushSecrets = cluster<ClusterPushSecret>(externalSecretsGroup, 'v1alpha1', 'ClusterPushSecret');
export const generatorStates = namespaced<GeneratorState>(generatorsGroup, 'v1alpha1', 'GeneratorState');
export const clusterGenerators = cluster<ClusterGenerator>(generatorsGroup, 'v1alpha1', 'ClusterGenerator');

/** The kinds that make values, by kind. */
export const generators: Readonly<Record<LocalGeneratorKind, Resource<GeneratorObject>>> = {
  ACRAccessToken: generator('ACRAccessToken'),
  BeyondtrustWorkloadCredentialsDynamicSecret: generator('BeyondtrustWorkloadCredentialsDynamicSecret'),
  CloudsmithAccessToken: generator('CloudsmithAccessToken'),
  ECRAuthorizationToken: generator('ECRAuthorizationToken'),
  Fake: generator('Fake'),
  GCRAccessToken: generator('GCRAccessToken'),
  GithubAccessToken: generator('GithubAccessToken'),
  GitlabDeployToken: generator('GitlabDeployToken'),
  QuayAccessToken: generator('QuayAccessToken'),
  Password: generator('Password'),
  SSHKey: generator('SSHKey'),
  STSSessionToken: generator('STSSessionToken'),
  UUID: generator('UUID'),
  VaultDynamicSecret: generator('VaultDynamicSecret'),
  Webhook: generator('Webhook'),
  Grafana: generator('Grafana'),
  MFA: generator('MFA'),
};

function generator(kind: LocalGeneratorKind): Resource<GeneratorObject> {
  return namespaced(generatorsGroup, 'v1alpha1', kind);
}

function namespaced<T extends KubeObject>(group: string, version: string, kind: string): Resource<T> {
  return { group, version, kind, plural: pluralOf(kind), namespaced: true };
}

function cluster<T extends KubeObject>(group: string, version: string, kind: string): Resource<T> {
  return { group, version, kind, plural: pluralOf(kind), namespaced: false };
}

/** All of ESO's kinds form their plural this way, MFA (`mfas`) and GeneratorState included. */
function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`;
}
