import { describe, expect, it } from 'vitest';
import { type AwsServer, startAws } from '../../../test/support/aws.ts';
import { parseSpec } from '../../provider/parsespec.ts';
import { connectForTest, testStore } from '../../provider/testing/connect.ts';
import { providerRejection } from '../../provider/testing/rejection.ts';
import { provider } from './index.ts';
import { openStore } from './testing/world.ts';

const role = 'arn:aws:iam::123456789012:role/reader';

function verdictOf(spec: object, store: object = {}) {
  const whole = { service: 'SecretsManager', region: 'eu-central-1', ...spec };
  return provider.validate(parseSpec(provider, whole), { ...testStore, ...store });
}

describe('a store', () => {
  it.each([
    ['no more than a service and a region', {}],
    ['keys in Secrets', { auth: { secretRef: keys({}) } }],
    [
      'the ServiceAccount of another namespace, for a cluster',
      { auth: { jwt: account('prod') } },
      'ClusterSecretStore',
    ],
    [
      'roles of any partition, with a path',
      { role: 'arn:aws-us-gov:iam::123456789012:role/a/b+c@d', additionalRoles: [role] },
    ],
    ['a window in which to restore', { secretsManager: { recoveryWindowInDays: 7 } }],
    ['deletion at once', { secretsManager: { forceDeleteWithoutRecovery: true } }],
    ['session tags', { role, sessionTags: [{ key: 'a', value: 'b' }], transitiveTagKeys: ['a'] }],
    ['custom tags', { role, sessionTagsPolicy: 'Custom', customSessionTags: { env: 'prod' } }],
  ])('may have %s', (_, spec, kind = 'SecretStore') => {
    expect(verdictOf(spec, { kind })).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    ['a region that is part of another host', { region: 'x.evil.example/' }, 'is not the name of a region'],
    ['no region', { region: '' }, 'region is required'],
    ['a service that is not built yet', { service: 'CertificateManager' }, 'CertificateManager is not built yet'],
    [
      'half a key',
      { auth: { secretRef: keys({ secretAccessKeySecretRef: undefined }) } },
      'secretAccessKeySecretRef is required',
    ],
    ['a ServiceAccount without a name', { auth: { jwt: {} } }, 'auth.jwt.serviceAccountRef is required'],
    ['somebody else’s ServiceAccount', { auth: { jwt: account('prod') } }, "names a namespace that is not the store's"],
    ['a role that is a user', { role: 'arn:aws:iam::123456789012:user/x' }, 'role is not the ARN of an IAM role'],
    ['a wrong role before the right one', { role, additionalRoles: [role, 'x'] }, 'additionalRoles[1] is not the ARN'],
    ['a window that is too short', { secretsManager: { recoveryWindowInDays: 6 } }, 'must be 7 to 30'],
    ['a window that is too long', { secretsManager: { recoveryWindowInDays: 31 } }, 'must be 7 to 30'],
    [
      'a window and none',
      { secretsManager: { forceDeleteWithoutRecovery: true, recoveryWindowInDays: 7 } },
      'recoveryWindowInDays cannot be',
    ],
  ])('may not have %s', (_, spec, message) => {
    const { errors } = verdictOf(spec);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
  });

  it.each([
    ['two ways to log in', { auth: { secretRef: keys({}), jwt: account() } }, 'only secretRef is used'],
    ['tags without a role', { sessionTagsPolicy: 'Simple' }, 'only used with role'],
    [
      'custom tags that are not asked for',
      { role, customSessionTags: { env: 'x' } },
      'only used with sessionTagsPolicy',
    ],
  ])('is warned of %s', (_, spec, message) => {
    const { errors, warnings } = verdictOf(spec);
    expect(errors).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['a service that AWS does not have', { service: 'S3' }],
    ['custom tags in the place of its own', { role, customSessionTags: { esoNamespace: 'prod' } }],
    ['a policy of tags that there is not', { sessionTagsPolicy: 'All' }],
  ])('is refused by the schema with %s', (_, spec) => {
    expect(() => verdictOf(spec)).toThrow();
  });
});

describe('opening a store', () => {
  it('is refused for a service that is not built yet, whatever admission let through', async () => {
    await withAws(async (aws) => {
      const error = await providerRejection(() => openStore(aws, { service: 'CertificateManager' }));
      expect(error).toMatchObject({ kind: 'invalid', message: 'service CertificateManager is not built yet' });
    });
  });

  it('is refused for an endpoint that is no URL', async () => {
    const environment = { AWS_SSM_ENDPOINT: 'localhost' };
    const spec = { service: 'ParameterStore', region: 'us-east-1' };
    const error = await providerRejection(() => connectForTest(provider, spec, { environment }));
    expect(error.message).toBe("the operator's environment variable AWS_SSM_ENDPOINT is not a URL");
  });
});

function keys(change: object): object {
  return {
    accessKeyIDSecretRef: { name: 'k', key: 'id' },
    secretAccessKeySecretRef: { name: 'k', key: 's' },
    ...change,
  };
}

function account(namespace?: string): object {
  return { serviceAccountRef: { name: 'app', ...(namespace === undefined ? {} : { namespace }) } };
}

async function withAws(run: (aws: AwsServer) => Promise<void>): Promise<void> {
  const aws = await startAws();
  try {
    await run(aws);
  } finally {
    await aws.stop();
  }
}
