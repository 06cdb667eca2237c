/** An application that proves itself by a secret or a certificate. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { ScopedObjects } from '../../../provider/context.ts';
import { ProviderError } from '../../../provider/errors.ts';
import type { AzureKvSpec } from '../schema.ts';
import { type Application, identityOf } from './application.ts';
import { type Identity, requireClient, requireTenant } from './identity.ts';
import { optionalSecretText, secretText } from './secrettext.ts';

/** @throws ProviderError `invalid` when the spec or what it refers to is incomplete */
export async function servicePrincipal(spec: AzureKvSpec, objects: ScopedObjects): Promise<Identity> {
  const { authSecretRef = {} } = spec;
  const clientId = requireClient(await optionalSecretText(objects, authSecretRef.clientId), 'authSecretRef.clientId');
  const tenantId = requireTenant(spec.tenantId ?? (await optionalSecretText(objects, authSecretRef.tenantId)));
  const { clientSecret, clientCertificate } = authSecretRef;
  if (clientSecret !== undefined)
    return identityOf(bySecret(tenantId, clientId, await secretText(objects, clientSecret)));
  if (clientCertificate !== undefined)
    return identityOf(byCertificate(tenantId, clientId, await secretText(objects, clientCertificate)));
  throw new ProviderError('invalid', 'authSecretRef has neither clientSecret nor clientCertificate');
}

function bySecret(tenantId: string, clientId: string, secret: string): Application {
  return {
    key: ['secret', tenantId, clientId, hashOf(secret)],
    tenantId,
    credential: async (sdk, options) => new sdk.ClientSecretCredential(tenantId, clientId, secret, options),
  };
}

function byCertificate(tenantId: string, clientId: string, pem: string): Application {
  judgePem(pem);
  return {
    key: ['certificate', tenantId, clientId, hashOf(pem)],
    tenantId,
    credential: async (sdk, options) =>
      new sdk.ClientCertificateCredential(tenantId, clientId, { certificate: pem }, options),
  };
}

/** Before the SDK does, whose message could hold anything. */
function judgePem(pem: string): void {
  try {
    if (new X509Certificate(pem).checkPrivateKey(createPrivateKey(pem))) return;
  } catch {
    throw new ProviderError('invalid', 'authSecretRef.clientCertificate is no PEM of a certificate and a private key');
  }
  throw new ProviderError(
    'invalid',
    'the private key of authSecretRef.clientCertificate is not that of its certificate',
  );
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
