/**
 * The AWS server of `test/support` answers as moto does, which others wrote. Left out is what moto is known to get wrong:
 * reading without naming the stage, a batch of nothing, `Selector` of parameters, and encryption, which shows the value.
 */
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AwsServer, startAws, testKey } from '../support/aws.ts';
import { lacksMoto, type Moto, startMoto } from '../support/moto.ts';

const region = 'us-east-1';
const role = 'arn:aws:iam::123456789012:role/reader';
/** As long as AWS wants them. */
const versionIds = ['1', '2', '3'].map((digit) => digit.repeat(32));
const [firstId, secondId, thirdId] = versionIds;

interface Clients {
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  readonly sts: STSClient;
}

/** What each call in turn was answered. */
type Scenario = (clients: Clients) => AsyncGenerator<unknown, void, void>;

let aws: AwsServer;
let moto: Moto;

describe.skipIf(await lacksMoto())('moto and the AWS server of the tests', () => {
  beforeAll(async () => {
    moto = await startMoto();
  });

  beforeEach(async () => {
    await moto.reset();
    await aws?.stop();
    aws = await startAws();
  });

  afterAll(async () => {
    await aws.stop();
    await moto.stop();
  });

  it.each<[string, Scenario]>([
    ['versions and stages of a secret', versionsAndStages],
    ['text, bytes and tags of a secret', textBytesAndTags],
    ['many secrets at once, with an error each', manySecrets],
    ['lists of secrets', listsOfSecrets],
    ['deletion of secrets', deletionOfSecrets],
    ['attributes of a secret', attributesOfSecret],
    ['parameters, their versions and types', parametersAndVersions],
    ['parameters below a path', parametersBelowPath],
    ['descriptions and tags of parameters', describedParameters],
    ['sessions of roles', sessions],
  ])('agree on %s', async (_, scenario) => {
    const [ours, theirs] = [await answersOf(aws.url, scenario), await answersOf(moto.url, scenario)];
    expect(ours.length).toBeGreaterThan(1);
    expect(ours).toEqual(theirs);
  });
});

async function answersOf(endpoint: string, scenario: Scenario): Promise<unknown[]> {
  const config = { endpoint, region, credentials: testKey };
  const secrets = new SecretsManagerClient(config);
  const parameters = new SSMClient(config);
  const sts = new STSClient(config);
  try {
    const answers: unknown[] = [];
    for await (const answer of scenario({ secrets, parameters, sts })) answers.push(answer);
    return answers;
  } finally {
    for (const client of [secrets, parameters, sts]) client.destroy();
  }
}

/** The picked members of an answer, or the name of the error. */
async function outcome<T extends object>(sending: Promise<T>, ...members: (keyof T)[]): Promise<unknown> {
  try {
    const answer = await sending;
    return Object.fromEntries(members.map((member) => [member, answer[member]]));
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
}

async function* versionsAndStages({ secrets }: Clients): AsyncGenerator<unknown, void, void> {
  const put = (id: string | undefined, text: string, VersionStages?: string[]) =>
    secrets.send(
      new PutSecretValueCommand({ SecretId: 'db', SecretString: text, ClientRequestToken: id, VersionStages }),
    );
  const get = (input: { VersionId?: string | undefined; VersionStage?: string }) =>
    outcome(secrets.send(new GetSecretValueCommand({ SecretId: 'db', ...input })), 'SecretString', 'VersionId', 'Name');
  await secrets.send(new CreateSecretCommand({ Name: 'db', SecretString: 'one', ClientRequestToken: firstId }));
  yield outcome(put(secondId, 'two'), 'VersionId');
  yield outcome(put(thirdId, 'three', ['AWSPENDING']), 'VersionId');
  for (const VersionStage of ['AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', 'NONE']) yield get({ VersionStage });
  for (const VersionId of [...versionIds, '4'.repeat(32)]) yield get({ VersionId });
  const move = { SecretId: 'db', VersionStage: 'AWSCURRENT', MoveToVersionId: firstId, RemoveFromVersionId: secondId };
  await secrets.send(new UpdateSecretVersionStageCommand(move));
  yield get({ VersionStage: 'AWSCURRENT' });
  yield get({ VersionStage: 'AWSPREVIOUS' });
}

async function* textBytesAndTags({ secrets }: Clients): AsyncGenerator<unknown, void, void> {
  const get = (SecretId: string) =>
    outcome(
      secrets.send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSCURRENT' })),
      'SecretString',
      'SecretBinary',
    );
  const tags = async () => {
    const { Tags = [] } = await secrets.send(new DescribeSecretCommand({ SecretId: 'text' }));
    return Tags.map(({ Key, Value }) => `${Key}=${Value}`).sort();
  };
  const Tags = [{ Key: 'team', Value: 'a' }];
  yield outcome(secrets.send(new CreateSecretCommand({ Name: 'text', SecretString: 'żółw', Tags })), 'Name');
  yield outcome(secrets.send(new CreateSecretCommand({ Name: 'text', SecretString: 'again' })), 'Name');
  const bytes = { Name: 'bytes', SecretBinary: Uint8Array.of(0, 255, 128) };
  const { ARN } = await secrets.send(new CreateSecretCommand(bytes));
  for (const id of ['text', 'bytes', ARN ?? '', 'missing']) yield get(id);
  yield tags();
  await secrets.send(new TagResourceCommand({ SecretId: 'text', Tags: [{ Key: 'env', Value: 'prod' }] }));
  await secrets.send(new UntagResourceCommand({ SecretId: 'text', TagKeys: ['team'] }));
  yield tags();
}

async function* manySecrets({ secrets }: Clients): AsyncGenerator<unknown, void, void> {
  for (const Name of ['a', 'b', 'c']) await secrets.send(new CreateSecretCommand({ Name, SecretString: `of ${Name}` }));
  const SecretIdList = ['c', 'missing', 'a'];
  const { SecretValues = [], Errors = [] } = await secrets.send(new BatchGetSecretValueCommand({ SecretIdList }));
  yield SecretValues.map(({ Name, SecretString }) => [Name, SecretString]);
  yield Errors.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode]);
}

async function* listsOfSecrets({ secrets }: Clients): AsyncGenerator<unknown, void, void> {
  const tagged = { 'app/db': 'a', 'app/web': 'b', other: 'ab' };
  for (const [Name, Value] of Object.entries(tagged))
    await secrets.send(new CreateSecretCommand({ Name, SecretString: 'x', Tags: [{ Key: 'team', Value }] }));
  const filters = [
    { Key: 'name', Values: ['app/'] },
    { Key: 'name', Values: ['db'] },
    { Key: 'tag-key', Values: ['team'] },
    { Key: 'tag-value', Values: ['b'] },
    { Key: 'name', Values: ['!app'] },
  ] as const;
  for (const { Key, Values } of filters) {
    const input = { Filters: [{ Key, Values: [...Values] }] };
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand(input));
    yield SecretList.map(({ Name = '' }) => Name).sort();
  }
  const first = await secrets.send(new ListSecretsCommand({ MaxResults: 2 }));
  const second = await secrets.send(new ListSecretsCommand({ MaxResults: 2, NextToken: first.NextToken }));
  yield [first.SecretList?.length, second.SecretList?.length, second.NextToken];
}

async function* deletionOfSecrets({ secrets }: Clients): AsyncGenerator<unknown, void, void> {
  const get = () =>
    outcome(secrets.send(new GetSecretValueCommand({ SecretId: 'db', VersionStage: 'AWSCURRENT' })), 'SecretString');
  const remove = (input: { RecoveryWindowInDays?: number; ForceDeleteWithoutRecovery?: boolean }) =>
    outcome(secrets.send(new DeleteSecretCommand({ SecretId: 'db', ...input })), 'Name');
  await secrets.send(new CreateSecretCommand({ Name: 'db', SecretString: 'x' }));
  yield remove({ RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true });
  yield remove({ RecoveryWindowInDays: 7 });
  yield get();
  const { DeletedDate } = await secrets.send(new DescribeSecretCommand({ SecretId: 'db' }));
  yield DeletedDate instanceof Date;
  yield outcome(secrets.send(new RestoreSecretCommand({ SecretId: 'db' })), 'Name');
  yield get();
  yield remove({ ForceDeleteWithoutRecovery: true });
  yield get();
}

async function* attributesOfSecret({ secrets }: Clients): AsyncGenerator<unknown, void, void> {
  const SecretId = 'db';
  await secrets.send(new CreateSecretCommand({ Name: 'db', SecretString: 'x', Description: 'old' }));
  await secrets.send(new UpdateSecretCommand({ SecretId, Description: 'new' }));
  yield outcome(secrets.send(new DescribeSecretCommand({ SecretId })), 'Description', 'Name');
  const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  yield outcome(secrets.send(new GetResourcePolicyCommand({ SecretId })), 'ResourcePolicy');
  await secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
  const { ResourcePolicy: stored = '{}' } = await secrets.send(new GetResourcePolicyCommand({ SecretId }));
  yield JSON.parse(stored);
  await secrets.send(new DeleteResourcePolicyCommand({ SecretId }));
  yield outcome(secrets.send(new GetResourcePolicyCommand({ SecretId })), 'ResourcePolicy');
}

async function* parametersAndVersions({ parameters }: Clients): AsyncGenerator<unknown, void, void> {
  const put = (input: { Value: string; Overwrite?: boolean; Type?: 'SecureString' }) =>
    outcome(parameters.send(new PutParameterCommand({ Name: '/db', Type: 'SecureString', ...input })), 'Version');
  const get = async (Name: string, WithDecryption = true) => {
    const answer = await parameters
      .send(new GetParameterCommand({ Name, WithDecryption }))
      .catch((error: unknown) => error);
    if (answer instanceof Error) return answer.name;
    const { Parameter } = answer as { Parameter?: { Value?: string; Version?: number; Type?: string } };
    return [Parameter?.Value, Parameter?.Version, Parameter?.Type];
  };
  yield put({ Value: 'one' });
  yield put({ Value: 'two' });
  yield put({ Value: 'two', Overwrite: true });
  for (const name of ['/db', '/db:1', '/db:2', '/db:7', '/missing']) yield get(name);
  const hidden = await parameters.send(new GetParameterCommand({ Name: '/db' }));
  yield hidden.Parameter?.Value !== 'two';
  const Names = ['/missing', '/db'];
  const many = await parameters.send(new GetParametersCommand({ Names, WithDecryption: true }));
  yield [many.Parameters?.map(({ Name, Value }) => [Name, Value]), many.InvalidParameters];
  yield outcome(parameters.send(new DeleteParameterCommand({ Name: '/db' })));
  yield outcome(parameters.send(new DeleteParameterCommand({ Name: '/db' })));
}

async function* parametersBelowPath({ parameters }: Clients): AsyncGenerator<unknown, void, void> {
  for (const Name of ['/a/x', '/a/deep/y', '/ab/z', '/b'])
    await parameters.send(new PutParameterCommand({ Name, Value: `of ${Name}`, Type: 'String' }));
  for (const input of [
    { Path: '/a', Recursive: true },
    { Path: '/a/', Recursive: true },
    { Path: '/a' },
    { Path: '/', Recursive: true },
    { Path: '/none', Recursive: true },
  ]) {
    const { Parameters = [] } = await parameters.send(new GetParametersByPathCommand(input));
    yield Parameters.map(({ Name, Value }) => `${Name} ${Value}`).sort();
  }
}

async function* describedParameters({ parameters }: Clients): AsyncGenerator<unknown, void, void> {
  const resource = { ResourceType: 'Parameter', ResourceId: '/a/x' } as const;
  const tags = async () => {
    const { TagList = [] } = await parameters.send(new ListTagsForResourceCommand(resource));
    return TagList.map(({ Key, Value }) => `${Key}=${Value}`).sort();
  };
  const Tags = [{ Key: 'team', Value: 'a' }];
  await parameters.send(new PutParameterCommand({ Name: '/a/x', Value: 'x', Type: 'String', Tags }));
  await parameters.send(new PutParameterCommand({ Name: '/b/x', Value: 'x', Type: 'String' }));
  await parameters.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'env', Value: 'prod' }] }));
  yield tags();
  for (const filter of [
    { Key: 'tag:team', Option: 'Equals', Values: ['a'] },
    { Key: 'tag:team', Option: 'Equals', Values: ['b'] },
    { Key: 'Path', Option: 'Recursive', Values: ['/b'] },
    { Key: 'Name', Option: 'Contains', Values: ['x'] },
  ]) {
    const { Parameters = [] } = await parameters.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
    yield Parameters.map(({ Name = '' }) => Name).sort();
  }
  await parameters.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['team'] }));
  yield tags();
  yield outcome(parameters.send(new ListTagsForResourceCommand({ ...resource, ResourceId: '/none' })), 'TagList');
}

async function* sessions({ sts }: Clients): AsyncGenerator<unknown, void, void> {
  const asked = { RoleArn: role, RoleSessionName: 'session' };
  const Tags = [{ Key: 'team', Value: 'a' }];
  const shape = async (sending: Promise<object>) => {
    const answer = (await sending) as { Credentials?: Record<string, unknown>; AssumedRoleUser?: { Arn?: string } };
    const { Credentials = {}, AssumedRoleUser } = answer;
    return [Object.keys(Credentials).sort(), Credentials['Expiration'] instanceof Date, AssumedRoleUser?.Arn];
  };
  yield shape(sts.send(new AssumeRoleCommand({ ...asked, Tags, ExternalId: 'e-1' })));
  const WebIdentityToken = new UnsecuredJWT({}).setAudience('sts.amazonaws.com').setExpirationTime('10m').encode();
  yield shape(sts.send(new AssumeRoleWithWebIdentityCommand({ ...asked, WebIdentityToken })));
}
