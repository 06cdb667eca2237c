/** Objects that are posted to be answered, not stored: token requests and reviews of tokens and of access. */
import { apiVersionOf } from '../../api/resource.ts';
import type { Catalog } from '../catalog.ts';
import { invalidField } from '../fielderror.ts';
import { isJsonObject, type JsonObject, membersOf } from '../object.ts';
import { badRequest, invalid } from '../status.ts';
import { existing, type ObjectTarget } from '../verbs/context.ts';
import { type AccessPolicy, type AccessRequest, rulesOf } from './access.ts';
import type { Authentication } from './authentication.ts';
import type { TokenIssuer } from './tokens.ts';
import type { User } from './user.ts';

export interface ReviewContext {
  readonly catalog: Catalog;
  readonly authentication: Authentication;
  readonly tokens: TokenIssuer;
  readonly policy: AccessPolicy;
}

type Review = (context: ReviewContext, spec: JsonObject, user: User) => object | Promise<object>;

/** A kind of review, as discovery lists it. */
export interface ReviewKind {
  readonly group: string;
  readonly version: 'v1';
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const reviews: readonly (ReviewKind & { readonly review: Review })[] = [
  { ...kindOf('authentication.k8s.io', 'TokenReview'), review: reviewToken },
  { ...kindOf('authentication.k8s.io', 'SelfSubjectReview'), review: (_, __, user) => ({ userInfo: user }) },
  { ...kindOf('authorization.k8s.io', 'SelfSubjectAccessReview'), review: reviewAccess },
  { ...kindOf('authorization.k8s.io', 'SelfSubjectRulesReview'), review: reviewRules },
  { ...kindOf('authorization.k8s.io', 'SubjectAccessReview'), review: reviewSubject },
  { ...kindOf('authorization.k8s.io', 'LocalSubjectAccessReview', true), review: reviewSubject },
];

export const reviewKinds: readonly ReviewKind[] = reviews;

/** Undefined: there is no such review. */
export async function review(
  context: ReviewContext,
  group: string,
  plural: string,
  body: () => unknown,
  user: User,
): Promise<object | undefined> {
  const found = reviews.find((kind) => kind.group === group && kind.plural === plural);
  if (found === undefined) return undefined;
  const spec = membersOf(membersOf(body())['spec']);
  const status = await found.review(context, spec, user);
  return { kind: found.kind, apiVersion: apiVersionOf(found), metadata: {}, spec, status };
}

/** POST to `serviceaccounts/NAME/token`. @throws StatusError 404 or 422 */
export async function requestToken(context: ReviewContext, target: ObjectTarget, body: unknown): Promise<object> {
  if (!isJsonObject(body)) throw badRequest('a token request must be an object');
  const { metadata } = existing(target);
  const spec = membersOf(body['spec']);
  const asked = textsOf(spec['audiences']);
  const audiences = asked.length === 0 ? [context.tokens.issuer] : asked;
  const expirationSeconds = lifetimeOf(spec['expirationSeconds']);
  const { namespace = '', name = '', uid = '' } = metadata;
  const status = await context.tokens.issue({ namespace, name, uid }, audiences, expirationSeconds);
  const type = { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1' };
  return { ...type, metadata: { name, namespace }, spec: { audiences, expirationSeconds }, status };
}

function lifetimeOf(seconds: unknown): number {
  if (seconds === undefined || seconds === null) return 3_600;
  const field = 'spec.expirationSeconds';
  const subject = { group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' };
  const short = 'may not specify a duration less than 10 minutes';
  const isEnough = typeof seconds === 'number' && seconds >= 600;
  if (!isEnough) throw invalid(subject, '', [invalidField(field, seconds, short)]);
  return seconds;
}

async function reviewToken({ authentication, tokens }: ReviewContext, spec: JsonObject): Promise<object> {
  const asked = textsOf(spec['audiences']);
  const audiences = asked.length === 0 ? [tokens.issuer] : asked;
  const { token } = spec;
  const user = typeof token === 'string' ? await authentication.reviewed(token, audiences) : undefined;
  if (user === undefined) return { user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user, audiences };
}

function reviewAccess({ policy }: ReviewContext, spec: JsonObject, user: User): object {
  return { allowed: policy(accessOf(spec, user)) };
}

function reviewSubject(context: ReviewContext, spec: JsonObject): object {
  const { user } = spec;
  return reviewAccess(context, spec, {
    username: typeof user === 'string' ? user : '',
    groups: textsOf(spec['groups']),
  });
}

function reviewRules({ policy, catalog }: ReviewContext, spec: JsonObject, user: User): object {
  const { namespace } = spec;
  const resourceRules = rulesOf(policy, user, typeof namespace === 'string' ? namespace : '', catalog);
  return { resourceRules, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['*'] }], incomplete: false };
}

function accessOf(spec: JsonObject, user: User): AccessRequest {
  const attributes = membersOf(spec['resourceAttributes']);
  const text = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    user,
    verb: text('verb') ?? '',
    group: text('group') ?? '',
    resource: text('resource') ?? '',
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
  };
}

function kindOf(group: string, kind: string, namespaced = false): ReviewKind {
  return { group, version: 'v1', kind, plural: `${kind.toLowerCase()}s`, namespaced };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
