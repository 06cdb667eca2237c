/** Which endpoints belong together: where tokens come from, what they are for, and where they may be sent. */
import { ProviderError } from '../../provider/errors.ts';
import type { AzureKvSpec } from './schema.ts';

export interface Cloud {
  /** Of Entra ID, without a slash at the end. */
  readonly authorityHost: string;
  /** What tokens are for, without a slash at the end. */
  readonly resource: string;
}

type EnvironmentType = AzureKvSpec['environmentType'];

/** From the environments of Azure's own SDKs. */
const clouds: Readonly<Record<Exclude<EnvironmentType, 'AzureStackCloud'>, Cloud>> = {
  PublicCloud: { authorityHost: 'https://login.microsoftonline.com', resource: 'https://vault.azure.net' },
  USGovernmentCloud: { authorityHost: 'https://login.microsoftonline.us', resource: 'https://vault.usgovcloudapi.net' },
  ChinaCloud: { authorityHost: 'https://login.chinacloudapi.cn', resource: 'https://vault.azure.cn' },
  GermanCloud: { authorityHost: 'https://login.microsoftonline.de', resource: 'https://vault.microsoftazure.de' },
};

/**
 * `customCloudConfig` comes before everything. `AZURE_AUTHORITY_HOST`, which Azure's SDKs know and the workload identity
 * webhook sets, stands in for the public cloud's host, the only one that a spec need not name.
 * @throws ProviderError `invalid` for what is no https URL
 */
export function cloudOf(spec: AzureKvSpec, environment: Readonly<Record<string, string | undefined>>): Cloud {
  const { environmentType, customCloudConfig: custom } = spec;
  const known = environmentType === 'AzureStackCloud' ? clouds.PublicCloud : clouds[environmentType];
  if (custom !== undefined) {
    const authorityHost = httpsUrl(custom.activeDirectoryEndpoint, 'customCloudConfig.activeDirectoryEndpoint');
    return { authorityHost, resource: customResource(custom) ?? known.resource };
  }
  const { AZURE_AUTHORITY_HOST: override = '' } = environment;
  if (environmentType !== 'PublicCloud' || override === '') return known;
  return { ...known, authorityHost: httpsUrl(override, 'AZURE_AUTHORITY_HOST') };
}

/**
 * Whether the host is in one of Azure's own clouds. There the SDK itself checks that a vault asks for tokens of its own
 * domain; elsewhere (Azure Stack, a private name) it cannot.
 */
export function isAzureHost({ hostname }: URL): boolean {
  return Object.values(clouds).some(({ resource }) => hostname.endsWith(`.${new URL(resource).hostname}`));
}

/** Whether tokens are given out there by Microsoft itself, or by its partner in China. */
export function isKnownAuthority({ hostname }: URL): boolean {
  const known = Object.values(clouds).map(({ authorityHost }) => new URL(authorityHost).hostname);
  return [...known, 'login.partner.microsoftonline.cn', 'login.windows.net'].includes(hostname);
}

/** @throws ProviderError `invalid` */
export function vaultUrlOf({ vaultUrl }: AzureKvSpec): URL {
  return new URL(httpsUrl(vaultUrl, 'vaultUrl'));
}

function customResource(custom: NonNullable<AzureKvSpec['customCloudConfig']>): string | undefined {
  const { keyVaultEndpoint = '', keyVaultDNSSuffix = '' } = custom;
  if (keyVaultEndpoint !== '') return httpsUrl(keyVaultEndpoint, 'customCloudConfig.keyVaultEndpoint');
  if (keyVaultDNSSuffix === '') return undefined;
  return httpsUrl(`https://${keyVaultDNSSuffix.replace(/^\./, '')}`, 'customCloudConfig.keyVaultDNSSuffix');
}

function httpsUrl(text: string, what: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw new ProviderError('invalid', `${what} is not an https URL`);
  return text.replace(/\/+$/, '');
}
