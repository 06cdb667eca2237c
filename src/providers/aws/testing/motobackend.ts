/** The contract suite's backend on moto, filled by AWS's own SDK. */
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AddTagsToResourceCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { testKey } from '../../../../test/support/aws.ts';
import { type Moto, startMoto } from '../../../../test/support/moto.ts';
import type { ContractBackend } from '../../../provider/testing/backend.ts';
import { provider } from '../index.ts';
import { keyAuth, keyObjects, region } from './world.ts';

type Tags = Readonly<Record<string, string>>;

const role = 'arn:aws:iam::123456789012:role/reader';

export async function startMotoSecretsManager(): Promise<ContractBackend> {
  const moto = await startMoto();
  const client = new SecretsManagerClient(configFor(moto));
  const put = (name: string, value: Uint8Array, tags?: Tags) => putSecret(client, name, value, tags);
  return {
    ...commonOf(moto, 'SecretsManager', put),
    versions: {
      async put(name, values) {
        const located: { ref: { key: string; version: string } }[] = [];
        for (const value of values) located.push({ ref: { key: name, version: `uuid/${await put(name, value)}` } });
        return located;
      },
      missing: (ref) => ({ ...ref, version: 'uuid/00000000-0000-4000-8000-000000000000' }),
    },
    underPath: { path: 'team-a/', name: (name) => `team-a/${name}` },
    async stop() {
      client.destroy();
      await moto.stop();
    },
  };
}

export async function startMotoParameterStore(): Promise<ContractBackend> {
  const moto = await startMoto();
  const client = new SSMClient(configFor(moto));
  const put = (name: string, value: Uint8Array, tags?: Tags) => putParameter(client, name, value, tags);
  return {
    ...commonOf(moto, 'ParameterStore', put),
    versions: {
      async put(name, values) {
        const located: { ref: { key: string; version: string } }[] = [];
        for (const value of values) located.push({ ref: { key: name, version: await put(name, value) } });
        return located;
      },
      missing: (ref) => ({ ...ref, version: '77' }),
    },
    underPath: { path: '/team-a', name: (name) => `/team-a/${name}` },
    async stop() {
      client.destroy();
      await moto.stop();
    },
  };
}

function commonOf(moto: Moto, service: string, put: (name: string, value: Uint8Array, tags?: Tags) => Promise<string>) {
  return {
    provider,
    spec: { service, region, auth: keyAuth, role },
    connect: { objects: keyObjects(), environment: moto.env() },
    missing: (name: string) => ({ key: `${name}-missing` }),
    async put(name: string, value: Uint8Array, tags?: Tags) {
      await put(name, value, tags);
      return { ref: { key: name } };
    },
    async putMap(name: string, members: object) {
      await put(name, Buffer.from(JSON.stringify(members)));
      return { key: name };
    },
  };
}

function configFor({ url }: Moto) {
  return { region, endpoint: url, credentials: testKey };
}

/** @returns the version's id */
async function putSecret(client: SecretsManagerClient, name: string, value: Uint8Array, tags?: Tags): Promise<string> {
  const text = Buffer.from(value).toString('utf8');
  const stored = Buffer.from(text).equals(value) ? { SecretString: text } : { SecretBinary: value };
  const apiTags = Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  try {
    const created = await client.send(new CreateSecretCommand({ Name: name, Tags: apiTags, ...stored }));
    return created.VersionId ?? '';
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
    return (await client.send(new PutSecretValueCommand({ SecretId: name, ...stored }))).VersionId ?? '';
  }
}

/** @returns the version's number */
async function putParameter(client: SSMClient, name: string, value: Uint8Array, tags: Tags = {}): Promise<string> {
  const input = {
    Name: name,
    Value: Buffer.from(value).toString('utf8'),
    Type: 'SecureString',
    Overwrite: true,
  } as const;
  const { Version } = await client.send(new PutParameterCommand(input));
  const apiTags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const tagging = { ResourceType: 'Parameter', ResourceId: name, Tags: apiTags } as const;
  if (apiTags.length > 0) await client.send(new AddTagsToResourceCommand(tagging));
  return String(Version);
}
