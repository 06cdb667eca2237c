/** Vault's aws method: takes a request to STS that somebody signed, sends it there, and learns who that was. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { signatureClaim } from './aws-signature.ts';
import { type AuthMethod, type Grant, grantOf, Named } from './vault-logins.ts';
import { absent, denied, noContent, text, texts, type VaultAnswer, type VaultCall, VaultFault } from './vault-wire.ts';

const serverIdHeader = 'x-vault-aws-iam-server-id';

/** Others that begin with `x-amz-` are refused. */
const amazonHeaders = new Set(['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', 'x-amz-user-agent']);

export class AwsAuth implements AuthMethod {
  readonly #roles = new Named();
  #config: VaultCall['body'] = {};

  handle({ operation, body }: VaultCall, path: string): VaultAnswer {
    if (operation !== 'write') throw absent();
    if (path === 'config/client') this.#config = body;
    else this.#roles.put(path.replace(/^role\//, ''), body);
    return noContent;
  }

  async login({ body }: VaultCall): Promise<Grant> {
    const role = this.#roles.get(text(body, 'role'));
    if (role === undefined) throw new VaultFault(400, `entry for role ${text(body, 'role')} not found`);
    const headers = JSON.parse(decode(body, 'iam_request_headers')) as IncomingHttpHeaders;
    const url = new URL(decode(body, 'iam_request_url'));
    this.#judge(headers, url, text(body, 'iam_http_request_method'));
    const requestBody = decode(body, 'iam_request_body');
    if (!requestBody.startsWith('Action=GetCallerIdentity&'))
      throw new VaultFault(400, 'iam_request_body is not allowed');
    const arn = await this.#ask(headers, requestBody);
    if (!texts(role, 'bound_iam_principal_arn').includes(arn)) throw denied();
    return grantOf(role);
  }

  #judge(headers: IncomingHttpHeaders, url: URL, method: string): void {
    if (method !== 'POST' || url.pathname !== '/') throw new VaultFault(400, 'the request is not allowed');
    if (headers.host !== url.host) throw new VaultFault(400, 'the host of the request is not that of its URL');
    const foreign = Object.keys(headers).find((name) => name.startsWith('x-amz-') && !amazonHeaders.has(name));
    if (foreign !== undefined) throw new VaultFault(400, `invalid request header: ${foreign}`);
    const wanted = text(this.#config, 'iam_server_id_header_value');
    const isSigned = signatureClaim(headers)?.signedHeaders.includes(serverIdHeader) === true;
    if (wanted !== '' && (headers[serverIdHeader] !== wanted || !isSigned))
      throw new VaultFault(400, `error validating ${serverIdHeader} header`);
  }

  /** @throws VaultFault 403 when STS refuses */
  #ask(headers: IncomingHttpHeaders, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers, agent: false } as const;
      const outgoing = httpRequest(text(this.#config, 'sts_endpoint'), options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        incoming.on('end', () => {
          const [, arn] = /<Arn>([^<]+)<\/Arn>/.exec(Buffer.concat(chunks).toString('utf8')) ?? [];
          if (incoming.statusCode === 200 && arn !== undefined) resolve(arn);
          else reject(denied());
        });
      });
      outgoing.on('error', reject).end(body);
    });
  }
}

function decode(body: VaultCall['body'], name: string): string {
  return Buffer.from(text(body, name), 'base64').toString('utf8');
}
