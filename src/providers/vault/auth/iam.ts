/** AWS IAM: a request to AWS, signed and not sent; Vault sends it, and learns from AWS who signed it. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ConnectContext } from '../../../provider/context.ts';
import type { IamAuth } from '../schema.ts';
import { type AwsCredentials, awsCredentials } from './awscredentials.ts';
import { type LoginMethod, loginPath } from './method.ts';

/** As much of a request as is looked at. */
interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const defaultPath = 'aws';
const defaultRegion = 'us-east-1';
const serverIdHeader = 'x-vault-aws-iam-server-id';

export async function iamMethod(auth: IamAuth, context: ConnectContext): Promise<LoginMethod> {
  const { path = defaultPath, region = defaultRegion, vaultRole, vaultAwsIamServerID: serverId } = auth;
  const credentials = await awsCredentials(auth, region, context);
  return {
    identity: ['iam', path, region, vaultRole, serverId, ...credentials.identity],
    async request(signal) {
      const url = stsEndpoint(region);
      const { headers, body } = await sign(url, region, await credentials.get(signal), serverId);
      return {
        path: loginPath(path),
        body: {
          role: vaultRole,
          iam_http_request_method: 'POST',
          iam_request_url: base64(url),
          iam_request_body: base64(body),
          iam_request_headers: base64(JSON.stringify(headers)),
        },
      };
    },
  };
}

/** Where Vault will send it; the global endpoint, which Vault has by default, is that of the default region. */
function stsEndpoint(region: string): string {
  if (region === defaultRegion) return 'https://sts.amazonaws.com/';
  return `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
}

/** The SDK makes and signs the request; the last step, which would send it, is taken away. */
async function sign(
  endpoint: string,
  region: string,
  credentials: AwsCredentials,
  serverId: string | undefined,
): Promise<SignedRequest> {
  const client = new STSClient({ endpoint, region, credentials, maxAttempts: 1 });
  let signed: SignedRequest | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      // At this step the arguments hold an HTTP request.
      if (serverId !== undefined)
        (args.request as { headers: Record<string, string> }).headers[serverIdHeader] = serverId;
      return next(args);
    },
    { step: 'build' },
  );
  client.middlewareStack.add(
    () => async (args) => {
      signed = args.request as SignedRequest;
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: 'deserialize', priority: 'high' },
  );
  await client.send(new GetCallerIdentityCommand());
  client.destroy();
  if (signed === undefined) throw new Error('the SDK made no request');
  return { headers: signedHeaders(signed.headers), body: signed.body };
}

/** Vault refuses headers that it does not expect. */
function signedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '') ?? [];
  const kept = new Set([...names.split(';'), 'authorization']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.has(name.toLowerCase())));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
