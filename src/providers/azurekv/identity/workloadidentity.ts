/** A ServiceAccount that an application or managed identity trusts: its token is exchanged for one of Azure's. */
import { readFile } from 'node:fs/promises';
import type { ServiceAccountSelector } from '../../../api/refs.ts';
import type { ConnectContext, ProviderSettings, ServiceAccountObject } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { AzureKvSpec } from '../schema.ts';
import { identityOf } from './application.ts';
import { type Identity, requireClient, requireTenant } from './identity.ts';
import { optionalSecretText } from './secrettext.ts';

/** What Azure expects of the tokens it exchanges. */
const exchangeAudience = 'api://AzureADTokenExchange';
const clientIdAnnotation = 'azure.workload.identity/client-id';
const tenantIdAnnotation = 'azure.workload.identity/tenant-id';
/** As the workload identity webhook mounts them. */
const expirationSeconds = 3_600;

/** @throws ProviderError `invalid` when the spec, the ServiceAccount or the environment is incomplete */
export async function workloadIdentity(spec: AzureKvSpec, context: ConnectContext): Promise<Identity> {
  const { serviceAccountRef } = spec;
  return serviceAccountRef === undefined
    ? mountedIdentity(context.settings)
    : referencedIdentity(spec, serviceAccountRef, context);
}

/** The operator's own, as the workload identity webhook sets it up. */
function mountedIdentity({ environment }: ProviderSettings): Identity {
  const { AZURE_CLIENT_ID: clientId, AZURE_TENANT_ID: tenant, AZURE_FEDERATED_TOKEN_FILE: path } = environment;
  if (clientId === undefined || tenant === undefined || path === undefined) {
    const message =
      'without serviceAccountRef the operator must be a workload identity itself: AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE are not all set';
    throw new ProviderError('invalid', message);
  }
  const tenantId = requireTenant(tenant);
  return exchanged(tenantId, clientId, ['mounted', path], () => tokenInFile(path));
}

async function referencedIdentity(
  { authSecretRef = {}, tenantId }: AzureKvSpec,
  selector: ServiceAccountSelector,
  { objects, settings }: ConnectContext,
): Promise<Identity> {
  const serviceAccount = await objects.serviceAccount(selector);
  const { namespace, name, uid, annotations } = serviceAccount;
  const clientId = (await optionalSecretText(objects, authSecretRef.clientId)) ?? annotations[clientIdAnnotation];
  const tenant =
    (await optionalSecretText(objects, authSecretRef.tenantId)) ??
    tenantId ??
    annotations[tenantIdAnnotation] ??
    settings.environment['AZURE_TENANT_ID'];
  const audiences = [exchangeAudience, ...(selector.audiences ?? [])];
  const requireOf = describe(serviceAccount);
  return exchanged(
    requireTenant(tenant),
    requireClient(clientId, requireOf),
    ['account', namespace, name, uid, ...audiences],
    async () => {
      // By its full name: the wall between namespaces was passed while connecting.
      const request = { serviceAccount: { namespace, name }, audiences, expirationSeconds };
      return (await objects.serviceAccountToken(request)).token;
    },
  );
}

function exchanged(
  tenantId: string,
  clientId: string,
  key: readonly string[],
  assertion: () => Promise<string>,
): Identity {
  return identityOf({
    key: ['workload', tenantId, clientId, ...key],
    tenantId,
    async credential(sdk, options) {
      // Asked for here, not by the SDK, which would wrap what goes wrong.
      const token = await assertion();
      return new sdk.ClientAssertionCredential(tenantId, clientId, async () => token, options);
    },
  });
}

/** Read anew each time: the kubelet rotates it. */
async function tokenInFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new ProviderError('unavailable', `the token in AZURE_FEDERATED_TOKEN_FILE (${path}) cannot be read`, {
      cause,
    });
  }
}

function describe({ namespace, name }: ServiceAccountObject): string {
  return `neither authSecretRef nor the annotation ${clientIdAnnotation} of ServiceAccount ${namespace}/${name}`;
}
