import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startAws } from '../../../test/support/aws.ts';
import type { SecretsClient } from '../../provider/provider.ts';
import { providerRejection, textOf } from '../../provider/testing/rejection.ts';
import { keyObjects, openStore } from './testing/world.ts';

const never = new AbortController().signal;

/** What the server was asked, and on how many connections. */
let asked: IncomingMessage[];
let connections: number;
let answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
let server: Server;

beforeEach(async () => {
  asked = [];
  connections = 0;
  answer = { status: 200, headers: {}, body: JSON.stringify({ Name: 'db', SecretString: 'hunter2' }) };
  server = createServer((request, response) => {
    asked.push(request);
    const { status, headers, body } = answer;
    request.resume().on('end', () => response.writeHead(status, headers).end(body));
  });
  server.on('connection', () => void (connections += 1));
  server.on('connect', (request, socket) => {
    asked.push(request);
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(environment: Record<string, string>, spec: object = {}): Promise<SecretsClient> {
  const aws = await startAws();
  onTestFinished(() => aws.stop());
  const { client } = await openStore(aws, spec, { objects: keyObjects(), environment });
  onTestFinished(() => client.close());
  return client;
}

async function password(client: SecretsClient): Promise<string> {
  return textOf((await client.read({ key: 'db' }, never)).value(undefined));
}

describe('requests to AWS', () => {
  it('say who sends them, and are signed for the region of the store', async () => {
    const client = await open({ AWS_SECRETSMANAGER_ENDPOINT: url() }, { region: 'eu-west-3' });
    expect(await password(client)).toBe('hunter2');
    expect(asked[0]?.headers['user-agent']).toBe('external-secrets-tests');
    expect(asked[0]?.headers.authorization).toContain('/eu-west-3/secretsmanager/aws4_request');
  });

  it('use connections again, and more of them at the same time', async () => {
    const client = await open({ AWS_SECRETSMANAGER_ENDPOINT: url() });
    for (let round = 0; round < 10; round += 1) await password(client);
    // A connection is free again a moment after its answer was read.
    expect(connections).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 20 }, () => password(client)));
    expect(connections).toBeGreaterThanOrEqual(20);
  });

  it('go through the proxy of the environment, to the host of the region', async () => {
    const client = await open({ HTTPS_PROXY: url() }, { region: 'eu-west-3' });
    expect((await providerRejection(() => password(client))).kind).toBe('unavailable');
    expect(asked[0]?.url).toBe('secretsmanager.eu-west-3.amazonaws.com:443');
  });

  it.each([
    ['AWS_USE_FIPS_ENDPOINT', 'ssm-fips.us-east-1.amazonaws.com:443'],
    ['AWS_USE_DUALSTACK_ENDPOINT', 'ssm.us-east-1.api.aws:443'],
  ])('go to the endpoint that %s chooses', async (variable, host) => {
    const client = await open({ HTTPS_PROXY: url(), [variable]: 'true' }, { service: 'ParameterStore' });
    await providerRejection(() => password(client));
    expect(asked[0]?.url).toBe(host);
  });

  it('carry the right time once AWS has said that the clock is wrong', async () => {
    const client = await open({ AWS_SECRETSMANAGER_ENDPOINT: url() });
    const later = new Date(Date.now() + 3_600_000);
    const good = answer;
    answer = {
      status: 400,
      headers: { date: later.toUTCString() },
      body: JSON.stringify({ __type: 'InvalidSignatureException', message: 'Signature expired: now is later' }),
    };
    expect((await providerRejection(() => password(client))).kind).toBe('unavailable');
    answer = good;
    expect(await password(client)).toBe('hunter2');
    expect(Math.abs(signedAt(asked[1]) - later.getTime())).toBeLessThan(60_000);
  });

  it('have an endpoint that nobody listens at', async () => {
    const client = await open({ AWS_SECRETSMANAGER_ENDPOINT: 'http://127.0.0.1:9' });
    const error = await providerRejection(() => password(client));
    expect(error.kind).toBe('unavailable');
    expect(error.message).toContain('127.0.0.1:9 could not be reached: ECONNREFUSED');
  });
});

/** `20261125T041600Z`, as epoch milliseconds. */
function signedAt(request: IncomingMessage | undefined): number {
  const stamp = String(request?.headers['x-amz-date']);
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:'));
}
