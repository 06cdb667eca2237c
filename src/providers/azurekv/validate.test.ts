import { describe, expect, it } from 'vitest';
import type { StoreIdentity } from '../../provider/context.ts';
import { testStore } from '../../provider/testing/connect.ts';
import { cloudOf, isAzureHost } from './cloud.ts';
import { AzureKvSpec } from './schema.ts';
import { validate } from './validate.ts';

const vaultUrl = 'https://my-vault.vault.azure.net';
const clientId = { name: 'credentials', key: 'id' };
const clientSecret = { name: 'credentials', key: 'secret' };
const principal = { vaultUrl, tenantId: 'contoso.onmicrosoft.com', authSecretRef: { clientId, clientSecret } };
const cluster: StoreIdentity = { ...testStore, kind: 'ClusterSecretStore' };

function errorsOf(spec: object, store: StoreIdentity = testStore): readonly string[] {
  return validate(AzureKvSpec.parse(spec), store).errors;
}

describe('a spec', () => {
  it('has the defaults of ESO', () => {
    expect(AzureKvSpec.parse({ vaultUrl })).toEqual({
      vaultUrl,
      authType: 'ServicePrincipal',
      environmentType: 'PublicCloud',
      useAzureSDK: false,
    });
  });

  it.each([
    ['of a service principal', principal],
    ['with the tenant in a Secret', { vaultUrl, authSecretRef: { clientId, clientSecret, tenantId: clientId } }],
    ['of a managed identity', { vaultUrl, authType: 'ManagedIdentity' }],
    ['of a workload identity', { vaultUrl, authType: 'WorkloadIdentity', serviceAccountRef: { name: 'reader' } }],
    ["of the operator's workload identity", { vaultUrl, authType: 'WorkloadIdentity' }],
    ['that does not need what authSecretRef lacks', { vaultUrl, authType: 'ManagedIdentity', authSecretRef: {} }],
  ])('%s is fine', (_, spec) => {
    expect(errorsOf(spec)).toEqual([]);
  });

  it.each([
    ['without https', { ...principal, vaultUrl: 'http://my-vault.vault.azure.net' }, 'vaultUrl is not an https URL'],
    ['with a name for a URL', { ...principal, vaultUrl: 'my-vault' }, 'vaultUrl is not an https URL'],
    ['without credentials', { vaultUrl }, 'authSecretRef is required for authType ServicePrincipal'],
    ['without a tenant', { ...principal, tenantId: undefined }, 'tenantId is required for authType ServicePrincipal'],
    ['without a client id', { ...principal, authSecretRef: { clientSecret } }, 'authSecretRef.clientId is required'],
    [
      'with neither secret nor certificate',
      { ...principal, authSecretRef: { clientId } },
      'authSecretRef needs either clientSecret or clientCertificate',
    ],
    [
      'with both',
      { ...principal, authSecretRef: { clientId, clientSecret, clientCertificate: clientSecret } },
      'authSecretRef needs either clientSecret or clientCertificate',
    ],
    [
      'with a reference without a name',
      { ...principal, authSecretRef: { clientId: { key: 'id' }, clientSecret } },
      'a reference in authSecretRef has no name',
    ],
    [
      'for a custom cloud that is not described',
      { ...principal, environmentType: 'AzureStackCloud' },
      'environmentType AzureStackCloud needs customCloudConfig',
    ],
    [
      'with an authority that is no URL',
      { ...principal, customCloudConfig: { activeDirectoryEndpoint: 'login' } },
      'customCloudConfig.activeDirectoryEndpoint is not an https URL',
    ],
  ])('%s is refused', (_, spec, message) => {
    expect(errorsOf(spec)).toEqual([message]);
  });

  it('reaches other namespaces only in a ClusterSecretStore', () => {
    const elsewhere = {
      ...principal,
      authSecretRef: { clientId, clientSecret: { ...clientSecret, namespace: 'other' } },
    };
    expect(errorsOf(elsewhere)).toEqual(["the reference to credentials names a namespace that is not the store's"]);
    expect(errorsOf(elsewhere, cluster)).toEqual([]);
    const own = { ...principal, authSecretRef: { clientId, clientSecret: { ...clientSecret, namespace: 'test' } } };
    expect(errorsOf(own)).toEqual([]);
  });

  it('warns of a cloud that is no more', () => {
    const spec = { ...principal, environmentType: 'GermanCloud' };
    expect(validate(AzureKvSpec.parse(spec), testStore).warnings).toHaveLength(1);
    expect(validate(AzureKvSpec.parse(principal), testStore).warnings).toEqual([]);
  });
});

describe("the operator's own identity", () => {
  const foreignVault = { vaultUrl: 'https://vault.azure.net.example.com', authType: 'ManagedIdentity' };
  const foreignAuthority = {
    vaultUrl,
    authType: 'WorkloadIdentity',
    customCloudConfig: { activeDirectoryEndpoint: 'https://login.example.com' },
  };

  it('is not sent to a host of the user who writes a SecretStore', () => {
    for (const spec of [foreignVault, foreignAuthority]) {
      expect(errorsOf(spec)).toHaveLength(1);
      expect(errorsOf(spec, cluster)).toEqual([]);
    }
  });

  it("is used at Azure's partner in China as well", () => {
    const china = {
      vaultUrl: 'https://my-vault.vault.azure.cn',
      environmentType: 'ChinaCloud',
      authType: 'WorkloadIdentity',
      customCloudConfig: { activeDirectoryEndpoint: 'https://login.partner.microsoftonline.cn/' },
    };
    expect(errorsOf(china)).toEqual([]);
  });

  it('has nothing to do with credentials of the store', () => {
    expect(errorsOf({ ...principal, vaultUrl: foreignVault.vaultUrl })).toEqual([]);
    expect(errorsOf({ ...foreignAuthority, serviceAccountRef: { name: 'reader' } })).toEqual([]);
  });
});

describe('clouds', () => {
  const cloud = (spec: object, environment = {}) => cloudOf(AzureKvSpec.parse({ ...principal, ...spec }), environment);

  it.each([
    ['PublicCloud', 'https://login.microsoftonline.com', 'https://vault.azure.net'],
    ['USGovernmentCloud', 'https://login.microsoftonline.us', 'https://vault.usgovcloudapi.net'],
    ['ChinaCloud', 'https://login.chinacloudapi.cn', 'https://vault.azure.cn'],
    ['GermanCloud', 'https://login.microsoftonline.de', 'https://vault.microsoftazure.de'],
  ])('%s', (environmentType, authorityHost, resource) => {
    expect(cloud({ environmentType })).toEqual({ authorityHost, resource });
    expect(isAzureHost(new URL(`https://my-vault.${new URL(resource).hostname}`))).toBe(true);
  });

  it('take the authority of the environment for the public cloud only', () => {
    const environment = { AZURE_AUTHORITY_HOST: 'https://login.example.com/' };
    expect(cloud({}, environment).authorityHost).toBe('https://login.example.com');
    expect(cloud({ environmentType: 'ChinaCloud' }, environment).authorityHost).toBe('https://login.chinacloudapi.cn');
    const customCloudConfig = { activeDirectoryEndpoint: 'https://adfs.local' };
    expect(cloud({ customCloudConfig }, environment).authorityHost).toBe('https://adfs.local');
    expect(() => cloud({}, { AZURE_AUTHORITY_HOST: 'http://login.example.com' })).toThrow('AZURE_AUTHORITY_HOST');
  });

  it.each(['vault.azure.net', 'evilvault.azure.net', 'v.vault.azure.net.example.com', '127.0.0.1'])(
    '%s is no vault of Azure',
    (host) => {
      expect(isAzureHost(new URL(`https://${host}`))).toBe(false);
    },
  );
});
