/**
 * AWS Secrets Manager for measuring: answers GetSecretValue and BatchGetSecretValue for any name under `bench/` after a
 * fixed time, and counts. It checks nothing (test/support/aws.ts does that): it must cost as little as possible.
 *
 * Environment: LATENCY_MS (20). Prints its port. `GET /stats` answers the calls by operation, `POST /reset` clears them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const latencyMs = Number(process.env['LATENCY_MS'] ?? 20);
let calls: Record<string, number> = {};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('SIGTERM', () => process.exit(0));

function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  if (request.url === '/stats') return void response.end(JSON.stringify(calls));
  if (request.url === '/reset') {
    calls = {};
    return void response.end('{}');
  }
  const operation =
    String(request.headers['x-amz-target'] ?? 'unknown')
      .split('.')
      .at(-1) ?? 'unknown';
  calls[operation] = (calls[operation] ?? 0) + 1;
  setTimeout(() => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(resultOf(operation, JSON.parse(body) as Record<string, unknown>)));
  }, latencyMs);
}

function resultOf(operation: string, input: Record<string, unknown>): object {
  if (operation === 'GetSecretValue') return valueOf(String(input['SecretId']));
  const ids = (input['SecretIdList'] ?? []) as string[];
  return { SecretValues: ids.map(valueOf), Errors: [] };
}

function valueOf(name: string): object {
  return {
    ARN: `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`,
    Name: name,
    VersionId: '00000000-0000-0000-0000-000000000001',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: 1.7e9,
    SecretString: JSON.stringify({ username: `user-${name}`, password: `pw-${name}`, host: 'db.example.com' }),
  };
}
