/** Vault's aws method: takes a signed request to STS, and asks STS who signed it; here, the keys are known. */
import type { IncomingHttpHeaders } from 'node:http';
import { isSignedWith, signatureClaim } from './aws-signature.ts';
import { type AuthMethod, type Grant, grantOf, Named } from './vault-logins.ts';
import { absent, denied, noContent, text, type VaultAnswer, type VaultCall, VaultFault } from './vault-wire.ts';

const serverIdHeader = 'x-vault-aws-iam-server-id';
const expectedHeaders = new Set([
  'authorization',
  'content-type',
  'content-length',
  'host',
  'user-agent',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'x-amz-user-agent',
  serverIdHeader,
]);

export class AwsAuth implements AuthMethod {
  /** Secrets by access key id. */
  readonly keys = new Map<string, string>();
  readonly #roles = new Named();
  #config: VaultCall['body'] = {};

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    if (operation !== 'write') throw absent();
    if (path === 'config/client') this.#config = body;
    else this.#roles.put(path.replace(/^role\//, ''), body);
    return noContent;
  }

  login({ body }: VaultCall): Grant {
    const role = this.#roles.get(text(body, 'role'));
    if (role === undefined) throw new VaultFault(400, `entry for role ${text(body, 'role')} not found`);
    const headers = JSON.parse(decode(body, 'iam_request_headers')) as IncomingHttpHeaders;
    const claim = signatureClaim(headers);
    const url = new URL(decode(body, 'iam_request_url'));
    this.#expectServerId(headers, claim?.signedHeaders ?? []);
    const unexpected = Object.keys(headers).find((name) => !expectedHeaders.has(name.toLowerCase()));
    if (unexpected !== undefined) throw new VaultFault(400, `invalid request header: ${unexpected}`);
    const request = {
      method: text(body, 'iam_http_request_method'),
      path: url.pathname,
      headers,
      body: decode(body, 'iam_request_body'),
    };
    const secret = this.keys.get(claim?.accessKeyId ?? '');
    const isGenuine = claim !== undefined && secret !== undefined && isSignedWith(secret, claim, request);
    if (!isGenuine || headers.host !== url.host) throw denied();
    if (!request.body.startsWith('Action=GetCallerIdentity&'))
      throw new VaultFault(400, 'iam_request_body is not allowed');
    return grantOf(role);
  }

  #expectServerId(headers: IncomingHttpHeaders, signed: readonly string[]): void {
    const wanted = text(this.#config, 'iam_server_id_header_value');
    if (wanted === '') return;
    if (headers[serverIdHeader] !== wanted || !signed.includes(serverIdHeader))
      throw new VaultFault(400, `error validating ${serverIdHeader} header`);
  }
}

function decode(body: VaultCall['body'], name: string): string {
  return Buffer.from(text(body, name), 'base64').toString('utf8');
}
