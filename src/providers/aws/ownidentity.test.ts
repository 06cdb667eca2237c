/** What a store without credentials of its own uses: those of the operator's process, as the SDK's default chain finds them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AwsServer, startAws, testKey } from '../../../test/support/aws.ts';
import { SessionPool } from '../../provider/sessioncache.ts';
import type { TestConnectOptions } from '../../provider/testing/connect.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { realClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { webIdentityToken } from './testing/tokens.ts';
import { type OpenStore, openStore } from './testing/world.ts';

const never = new AbortController().signal;
const reader = 'arn:aws:iam::123456789012:role/reader';
const middle = 'arn:aws:iam::123456789012:role/middle';

let aws: AwsServer;
let sessions: SessionPool;

beforeEach(async () => {
  sessions = new SessionPool({ clock: realClock, log: silentLogger });
  aws = await startAws({});
  aws.putSecret('db', 'hunter2');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await sessions.close();
  await aws.stop();
});

async function open(spec: object, options: TestConnectOptions = {}): Promise<OpenStore> {
  const store = await openStore(aws, spec, { sessions, ...options });
  onTestFinished(() => store.client.close());
  return store;
}

async function password({ client }: OpenStore): Promise<string> {
  return textOf((await client.read({ key: 'db' }, never)).value(undefined));
}

describe("the operator's own identity", () => {
  const none = { auth: undefined };

  it('is in variables', async () => {
    const keys = { AWS_ACCESS_KEY_ID: testKey.accessKeyId, AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey };
    expect(await password(await open(none, { environment: { ...aws.env(), ...keys } }))).toBe('hunter2');
  });

  it('is a web identity whose token lies in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aws-token-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'token');
    await writeFile(file, `${webIdentityToken('system:serviceaccount:eso:eso', ['sts.amazonaws.com'])}\n`);
    const environment = { ...aws.env(), AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: reader };
    expect(await password(await open(none, { environment }))).toBe('hunter2');
    expect(aws.assumptions).toMatchObject([{ roleArn: reader, by: 'system:serviceaccount:eso:eso' }]);
    await rm(file);
    const elsewhere = { ...environment, AWS_ROLE_ARN: middle };
    const error = await providerRejection(async () => password(await open(none, { environment: elsewhere })));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain(file);
  });

  it('is given by the agent of EKS Pod Identity, to whoever has the token', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aws-token-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'token'), 'pod-token');
    const agent = await startAgent((path, token) =>
      path === '/v1/credentials' && token === 'pod-token' ? keys() : undefined,
    );
    const environment = {
      ...aws.env(),
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, 'token'),
    };
    const store = await open(none, { environment });
    expect(await password(store)).toBe('hunter2');
    expect(store.calls.map(({ backend, call }) => `${backend} ${call}`)).toEqual([
      'AWS/STS GetCredentials',
      'AWS/SecretsManager GetSecretValue',
    ]);
    await writeFile(join(folder, 'token'), 'another');
    const fresh = { environment, sessions: new SessionPool({ clock: realClock, log: silentLogger }) };
    const error = await providerRejection(async () => password(await open(none, fresh)));
    expect(error).toMatchObject({ kind: 'denied' });
  });

  it('is that of the instance, by IMDSv2', async () => {
    const agent = await startAgent((path) => {
      if (path === '/latest/api/token') return 'metadata-token';
      if (path === '/latest/meta-data/iam/security-credentials/') return 'node-role';
      return path === '/latest/meta-data/iam/security-credentials/node-role'
        ? { Code: 'Success', ...keys() }
        : undefined;
    });
    // Only the process's own environment tells the SDK where the metadata service is.
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', agent);
    expect(await password(await open(none))).toBe('hunter2');
  });

  it('is nowhere', async () => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const { client } = await open(none);
    const error = await providerRejection(() => client.validate(never));
    expect(error.kind).toBe('denied');
    expect(error.message).toContain('the operator has no AWS credentials of its own');
  });

  function keys(): object {
    return {
      AccessKeyId: testKey.accessKeyId,
      SecretAccessKey: testKey.secretAccessKey,
      Token: '',
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    };
  }

  async function startAgent(answer: (path: string, token: string | undefined) => unknown): Promise<string> {
    const server: Server = createServer((request, response) => {
      const body = answer(request.url ?? '', request.headers.authorization);
      response.writeHead(body === undefined ? 403 : 200, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    // A TCP server's address is never a string.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});
