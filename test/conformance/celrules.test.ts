/** The rules that our CRDs have in CEL, kept and broken. */
import { expect, it } from 'vitest';
import { textAt } from '../support/rawclient.ts';
import { describeWorld } from '../support/world.ts';

const secretRef = { name: 'n', key: 'k' };
const credentials = { serviceAccountSecretRef: secretRef };
const userPass = { userPass: { path: 'p', username: 'u', secretRef } };
const appRole = { path: 'p', roleId: 'r', secretRef };
const regexp = { source: 'a', target: 'b' };
const storeRef = { name: 's' };

describeWorld('rules in CEL', (world) => {
  it.each([
    ['one of two', { onepasswordSDK: { auth: credentials, vault: 'v' } }, ''],
    [
      'both of two',
      { onepasswordSDK: { auth: credentials, vault: 'v', environment: 'e' } },
      'spec.provider.onepasswordSDK',
    ],
    ['one of three', { openBao: { server: 's', auth: userPass } }, ''],
    [
      'two of three',
      { openBao: { server: 's', auth: { ...userPass, tokenSecretRef: secretRef } } },
      'spec.provider.openBao.auth',
    ],
    ['none of three', { openBao: { server: 's', auth: {} } }, 'spec.provider.openBao.auth'],
    ['a rule inside of another', { openBao: { server: 's', auth: { appRole } } }, ''],
    [
      'a broken one inside of another',
      { openBao: { server: 's', auth: { appRole: { ...appRole, roleRef: secretRef } } } },
      'spec.provider.openBao.auth.appRole',
    ],
    ['one way or another', { nebiusmysterybox: { apiDomain: 'd', auth: { tokenSecretRef: secretRef } } }, ''],
    ['neither way', { nebiusmysterybox: { apiDomain: 'd', auth: {} } }, 'spec.provider.nebiusmysterybox.auth'],
  ])('of a store judge %s', async (_, provider, place) => {
    const kind = { apiVersion: 'external-secrets.io/v1', kind: 'SecretStore' };
    const body = { ...kind, metadata: { name: 'store' }, spec: { provider } };
    const path = '/apis/external-secrets.io/v1/namespaces/default/secretstores?dryRun=All';
    expectJudgement(await world().raw.send(path, { method: 'POST', body }), place);
  });

  it.each([
    ['a remote key', { storeRef, remoteKey: 'r' }, ''],
    ['a remote key and no rewrites', { storeRef, remoteKey: 'r', rewrite: [] }, ''],
    ['a remote key and rewrites', { storeRef, remoteKey: 'r', rewrite: [{ regexp }] }, 'spec.dataTo[0]'],
    ['no store', { remoteKey: 'r' }, 'spec.dataTo[0]'],
    ['a store without a name', { storeRef: {}, remoteKey: 'r' }, 'spec.dataTo[0]'],
    [
      'two ways to rewrite',
      { storeRef, rewrite: [{ regexp, transform: { template: 't' } }] },
      'spec.dataTo[0].rewrite[0]',
    ],
  ])('of a push judge %s', async (_, dataTo, place) => {
    const spec = { secretStoreRefs: [{ name: 's' }], selector: { secret: { name: 'x' } }, dataTo: [dataTo] };
    const body = { apiVersion: 'external-secrets.io/v1alpha1', kind: 'PushSecret', metadata: { name: 'ps' }, spec };
    const path = '/apis/external-secrets.io/v1alpha1/namespaces/default/pushsecrets?dryRun=All';
    expectJudgement(await world().raw.send(path, { method: 'POST', body }), place);
  });
});

/** @param place the field that breaks a rule; empty: none does */
function expectJudgement({ status, body }: { status: number; body: unknown }, place: string): void {
  if (place === '') expect(textAt(body, 'message')).toBe('');
  else expect(textAt(body, 'message')).toContain(`is invalid: ${place}: Invalid value: `);
  expect(status).toBe(place === '' ? 201 : 422);
}
