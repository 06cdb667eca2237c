/** Where Google's services are, and where the environment says that they are instead. */
import type { ProviderSettings } from '../../provider/context.ts';

type Environment = ProviderSettings['environment'];

/** Services that the environment may move: `sts` by `GCP_STS_ENDPOINT`, and so on. */
const movable = new Set(['secretmanager', 'oauth2', 'sts', 'securetoken', 'iamcredentials']);

export class Endpoints {
  /** `googleapis.com`, but in Trusted Partner Clouds. */
  readonly universe: string;
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.universe = environment['GOOGLE_CLOUD_UNIVERSE_DOMAIN'] || 'googleapis.com';
  }

  /** Regional secrets are served in their region only. */
  secretManagerHost(location: string | undefined): string {
    return location === undefined ? this.#host('secretmanager') : `secretmanager.${location}.rep.${this.universe}`;
  }

  get tokenExchange(): string {
    return `https://${this.#host('sts')}/v1/token`;
  }

  /** Exchanges tokens of GKE's own identity pools. */
  get identityBinding(): string {
    return `https://${this.#host('securetoken')}/v1/identitybindingtoken`;
  }

  generateAccessToken(email: string): string {
    const account = encodeURIComponent(email).replaceAll('%40', '@');
    return `https://${this.#host('iamcredentials')}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
  }

  /** The link-local address needs no name resolution, which a cluster's network policy may refuse. */
  get metadataServer(): string {
    return `http://${this.#environment['GCE_METADATA_HOST'] || '169.254.169.254'}/computeMetadata/v1/`;
  }

  /**
   * The URL to call in the place of `url`: scheme, host and port may differ, and a path may come before its own, in which
   * `{host}` stands for the host that is meant.
   */
  route(url: URL): URL {
    const service = url.hostname.split('.', 1)[0] ?? '';
    if (!movable.has(service) || !url.hostname.endsWith(`.${this.universe}`)) return url;
    const endpoint = this.#environment[`GCP_${service.toUpperCase()}_ENDPOINT`]?.replace('{host}', url.hostname);
    if (endpoint === undefined || !URL.canParse(endpoint)) return url;
    return new URL(endpoint.replace(/\/+$/, '') + url.pathname + url.search);
  }

  #host(service: string): string {
    return `${service}.${this.universe}`;
  }
}
