/** Reads one object of a vault, of whichever kind. */
import type { KeyVaultCertificate } from '@azure/keyvault-certificates';
import type { ApiCaller } from '../../provider/context.ts';
import type { RemoteRef, RemoteSecret } from '../../provider/provider.ts';
import { objectNameOf } from './objectname.ts';
import { CertificateValue } from './objects/certificate.ts';
import { KeyValue } from './objects/key.ts';
import { ObjectMetadata } from './objects/metadata.ts';
import { SecretValue } from './objects/secret.ts';
import type { Vault } from './vault.ts';

/** @throws ProviderError */
export async function readObject(
  vault: Vault,
  call: ApiCaller,
  ref: RemoteRef,
  signal: AbortSignal,
): Promise<RemoteSecret> {
  const { kind, name } = objectNameOf(ref.key);
  const isMetadata = ref.metadataPolicy === 'Fetch';
  const version = versionOf(ref);
  switch (kind) {
    case 'secret': {
      const secret = await call(
        'GetSecret',
        (limit) => vault.secrets.getSecret(name, { ...version, abortSignal: limit }),
        signal,
      );
      return isMetadata ? new ObjectMetadata(ref.key, secret.properties) : new SecretValue(secret);
    }
    case 'key': {
      const key = await call('GetKey', (limit) => vault.keys.getKey(name, { ...version, abortSignal: limit }), signal);
      return isMetadata ? new ObjectMetadata(ref.key, key.properties) : new KeyValue(key);
    }
    case 'cert': {
      const certificate = await call(
        'GetCertificate',
        (limit) => getCertificate(vault, name, version, { abortSignal: limit }),
        signal,
      );
      return isMetadata ? new ObjectMetadata(ref.key, certificate.properties) : new CertificateValue(certificate);
    }
  }
}

/** The SDK has two words for what is one request to the vault. */
function getCertificate(
  { certificates }: Vault,
  name: string,
  { version }: { version?: string },
  options: { abortSignal: AbortSignal },
): Promise<KeyVaultCertificate> {
  return version === undefined
    ? certificates.getCertificate(name, options)
    : certificates.getCertificateVersion(name, version, options);
}

function versionOf({ version = '' }: RemoteRef): { version?: string } {
  return version === '' ? {} : { version };
}
