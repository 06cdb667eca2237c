/** Tokens of ServiceAccounts, who they speak for, and questions of access. */
import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { isNotFound } from '../../src/kube/errors.ts';
import { selfSubjectAccessReviews, selfSubjectRulesReviews, serviceAccounts } from '../../src/kube/resources.ts';
import { requestToken } from '../../src/kube/tokenrequest.ts';
import { textAt, valueAt } from '../support/rawclient.ts';
import { describeWorld, type World } from '../support/world.ts';

describeWorld('identity', (world) => {
  it('of a ServiceAccount can be proven to anybody by a token', async () => {
    const name = await robot(world());
    const { uid = '' } = (await world().kube.get(serviceAccounts, name)).metadata;
    const before = Date.now();
    const options = { audiences: ['vault', 'sts.amazonaws.com'], expirationSeconds: 900 };
    const { token, expiresAtMs } = await requestToken(world().kube, name, options);
    expect(expiresAtMs).toBeGreaterThanOrEqual(Math.floor(before / 1_000) * 1_000 + 900_000);

    const { issuer } = world();
    const verified = await jwtVerify(token, createLocalJWKSet({ keys: [...issuer.jwks.keys] }), {
      issuer: issuer.url,
      audience: 'vault',
    });
    expect(verified.payload).toMatchObject({
      aud: ['vault', 'sts.amazonaws.com'],
      sub: `system:serviceaccount:${name.namespace}:robot`,
      'kubernetes.io': { namespace: name.namespace, serviceaccount: { name: 'robot', uid } },
    });
    expect(verified.payload.exp).toBe(expiresAtMs / 1_000);
    expect(verified.payload.jti).toBeDefined();
  });

  it('is published where OpenID Connect looks for it', async () => {
    const { body } = await world().raw.send('/.well-known/openid-configuration');
    expect(body).toMatchObject({ issuer: world().issuer.url, response_types_supported: ['id_token'] });
    expect(textAt(body, 'jwks_uri')).toContain('/openid/v1/jwks');
    expect(world().issuer.jwks.keys[0]).toMatchObject({ use: 'sig', kid: expect.any(String) });
  });

  it('does not exist for who is not there', async () => {
    const options = { audiences: ['a'], expirationSeconds: 600 };
    const attempt = requestToken(world().kube, { namespace: 'default', name: 'nobody' }, options);
    await expect(attempt).rejects.toSatisfy(isNotFound);
  });

  it('lasts ten minutes at least', async () => {
    const name = await robot(world());
    const attempt = requestToken(world().kube, name, { audiences: ['a'], expirationSeconds: 599 });
    await expect(attempt).rejects.toThrow('may not specify a duration less than 10 minutes');
  });

  it('is reviewed for an audience', async () => {
    const name = await robot(world());
    const { token } = await requestToken(world().kube, name, { audiences: ['vault'], expirationSeconds: 600 });
    expect(await review(world(), token, ['vault'])).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
      user: {
        username: `system:serviceaccount:${name.namespace}:robot`,
        groups: expect.arrayContaining(['system:serviceaccounts', `system:serviceaccounts:${name.namespace}`]),
      },
    });
    expect(valueAt(await review(world(), token, ['other']), 'authenticated')).not.toBe(true);
    expect(valueAt(await review(world(), token, []), 'authenticated')).not.toBe(true);
    expect(valueAt(await review(world(), `${token}x`, ['vault']), 'authenticated')).not.toBe(true);
  });

  it('ends with its ServiceAccount', async () => {
    const name = await robot(world());
    const { token } = await requestToken(world().kube, name, { audiences: [], expirationSeconds: 600 });
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const answer = await world().raw.send(path, { method: 'POST', body, token });
    expect(textAt(answer.body, 'status', 'userInfo', 'username')).toBe(`system:serviceaccount:${name.namespace}:robot`);
    await world().kube.delete(serviceAccounts, name);
    await expect
      .poll(async () => (await world().raw.send(path, { method: 'POST', body, token })).status, { timeout: 30_000 })
      .toBe(401);
  });

  it('is needed to read anything', async () => {
    const path = '/api/v1/namespaces/default/secrets';
    expect([401, 403]).toContain((await world().raw.send(path, { token: '' })).status);
    const { status, body } = await world().raw.send(path, { token: 'made-up' });
    expect(status).toBe(401);
    expect(body).toMatchObject({ reason: 'Unauthorized' });
  });

  it('may ask what it may do', async () => {
    const resourceAttributes = { verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token' };
    const { status } = await world().kube.submit(selfSubjectAccessReviews, {
      metadata: {},
      spec: { resourceAttributes },
    });
    expect(status?.allowed).toBe(true);
    const rules = await world().kube.submit(selfSubjectRulesReviews, { metadata: {}, spec: { namespace: 'default' } });
    expect(rules.status?.resourceRules).toContainEqual(
      expect.objectContaining({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }),
    );
  });
});

async function robot(world: World) {
  const name = { namespace: await world.createNamespace(), name: 'robot' };
  await world.kube.create(serviceAccounts, { metadata: name });
  return name;
}

async function review(world: World, token: string, audiences: readonly string[]): Promise<unknown> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } };
  const answer = await world.raw.send('/apis/authentication.k8s.io/v1/tokenreviews', { method: 'POST', body });
  expect(answer.status).toBe(201);
  return valueAt(answer.body, 'status');
}
