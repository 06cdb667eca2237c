/** Who calls: access keys, roles, the sessions that STS gives out, and what each of them may do. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type IamPolicy, judge } from './aws-iam.ts';
import { isSignedWith, type SignedRequest, signatureClaim } from './aws-signature.ts';
import { AwsFault, type AwsService } from './aws-wire.ts';

export interface AwsKey {
  readonly secretAccessKey: string;
  /** The name of the IAM user. */
  readonly user?: string;
  readonly policy?: IamPolicy;
}

export interface AwsRole {
  readonly policy?: IamPolicy;
  /** The `sub` claims that may assume it; default: any. */
  readonly subjects?: readonly string[];
  readonly externalId?: string;
  /** The ARNs of who may assume it; default: anybody. */
  readonly trusts?: readonly string[];
}

export interface IdentitiesOptions {
  readonly accountId: string;
  readonly keys: Readonly<Record<string, AwsKey>>;
  /** By ARN; undefined: every role exists. */
  readonly roles: Readonly<Record<string, AwsRole>> | undefined;
  readonly verifyWebIdentity: (token: string) => Promise<WebIdentity>;
  readonly now: () => number;
}

export interface WebIdentity {
  readonly subject: string;
  readonly audience: string;
}

export interface Principal {
  readonly arn: string;
  readonly policy: IamPolicy | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** How a role was assumed. */
export interface Assumption {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly by: string;
  readonly externalId?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
}

interface IssuedSession {
  readonly secretAccessKey: string;
  readonly token: string;
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

const Tags = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);
const RoleSession = {
  RoleArn: z.string().min(20),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: z.coerce.number().min(900).max(43_200).default(3_600),
};
const AssumeRole = z.object({
  ...RoleSession,
  ExternalId: z.string().optional(),
  Tags,
  TransitiveTagKeys: z.array(z.string()).default([]),
});
const AssumeRoleWithWebIdentity = z.object({ ...RoleSession, WebIdentityToken: z.string().min(4) });

export class Identities {
  readonly assumptions: Assumption[] = [];
  readonly #options: IdentitiesOptions;
  readonly #sessions = new Map<string, IssuedSession>();
  /** What keys and roles without a policy of their own may do; undefined: everything. */
  policy: IamPolicy | undefined;

  constructor(options: IdentitiesOptions, policy: IamPolicy | undefined) {
    this.#options = options;
    this.policy = policy;
  }

  /** All sessions that were given out are worth nothing from now on. */
  expireSessions(): void {
    for (const [id, session] of this.#sessions) this.#sessions.set(id, { ...session, expiresAtMs: 0 });
  }

  /** @throws AwsFault when the signature is missing, wrong, or of somebody unknown or too old */
  authenticate(service: AwsService, request: SignedRequest): Principal {
    const codes = service === 'sts' ? queryCodes : jsonCodes;
    const claim = signatureClaim(request.headers);
    if (claim === undefined) throw refusal(codes.missing, 'Missing Authentication Token');
    const key = this.#options.keys[claim.accessKeyId];
    const session = this.#sessions.get(claim.accessKeyId);
    const secret = key?.secretAccessKey ?? session?.secretAccessKey;
    if (secret === undefined) throw refusal(codes.unknown, 'The security token included in the request is invalid.');
    if (session !== undefined && session.token !== request.headers['x-amz-security-token'])
      throw refusal(codes.unknown, 'The security token included in the request is invalid.');
    if (session !== undefined && session.expiresAtMs <= this.#options.now())
      throw refusal(codes.expired, 'The security token included in the request is expired');
    if (!isSignedWith(secret, claim, request))
      throw refusal(codes.signature, 'The request signature we calculated does not match the signature you provided.');
    return session?.principal ?? this.#user(claim.accessKeyId);
  }

  /** @throws AwsFault when the principal may not do it */
  authorize(principal: Principal, action: string, resource: string, context: Readonly<Record<string, string>>): void {
    const policy = principal.policy ?? this.policy;
    const verdict = policy === undefined ? 'allowed' : judge(policy, { action, resource, context });
    if (verdict === 'allowed') return;
    const why =
      verdict === 'explicitly denied'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${action} action`;
    const message = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
    throw new AwsFault('AccessDeniedException', message);
  }

  assumeRole(input: unknown, principal: Principal): unknown {
    const request = parse(AssumeRole, input);
    const role = this.#role(request.RoleArn);
    const isTrusted = role?.trusts?.some((arn) => principal.arn.startsWith(arn)) ?? true;
    const knowsExternalId = role?.externalId === undefined || role.externalId === request.ExternalId;
    if (role === undefined || !isTrusted || !knowsExternalId) {
      const message = `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${request.RoleArn}`;
      throw refusal('AccessDenied', message);
    }
    const tags = { ...principal.tags, ...Object.fromEntries(request.Tags.map(({ Key, Value }) => [Key, Value])) };
    this.assumptions.push({
      roleArn: request.RoleArn,
      sessionName: request.RoleSessionName,
      by: principal.arn,
      externalId: request.ExternalId,
      tags,
      transitiveTagKeys: request.TransitiveTagKeys,
    });
    return this.#issue(request, role, tags);
  }

  async assumeRoleWithWebIdentity(input: unknown): Promise<unknown> {
    const request = parse(AssumeRoleWithWebIdentity, input);
    const identity = await this.#options.verifyWebIdentity(request.WebIdentityToken);
    const role = this.#role(request.RoleArn);
    if (role === undefined || !(role.subjects?.includes(identity.subject) ?? true))
      throw refusal('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
    this.assumptions.push({
      roleArn: request.RoleArn,
      sessionName: request.RoleSessionName,
      by: identity.subject,
      tags: {},
      transitiveTagKeys: [],
    });
    const { subject: SubjectFromWebIdentityToken, audience: Audience } = identity;
    return { ...this.#issue(request, role, {}), SubjectFromWebIdentityToken, Audience };
  }

  callerIdentity(principal: Principal): unknown {
    return { Arn: principal.arn, UserId: 'AIDATEST', Account: this.#options.accountId };
  }

  #role(arn: string): AwsRole | undefined {
    return this.#options.roles === undefined ? {} : this.#options.roles[arn];
  }

  #user(accessKeyId: string): Principal {
    const { user = 'tester', policy } = this.#options.keys[accessKeyId] ?? {};
    return { arn: `arn:aws:iam::${this.#options.accountId}:user/${user}`, policy, tags: {} };
  }

  #issue(
    request: { RoleArn: string; RoleSessionName: string; DurationSeconds: number },
    role: AwsRole,
    tags: Readonly<Record<string, string>>,
  ): Record<string, unknown> {
    const AccessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const secretAccessKey = randomBytes(30).toString('base64');
    const token = randomBytes(120).toString('base64');
    const arn = `${request.RoleArn.replace(':iam::', ':sts::').replace(':role/', ':assumed-role/')}/${request.RoleSessionName}`;
    const expiresAtMs = this.#options.now() + request.DurationSeconds * 1_000;
    const principal = { arn, policy: role.policy, tags };
    this.#sessions.set(AccessKeyId, { secretAccessKey, token, principal, expiresAtMs });
    return {
      Credentials: {
        AccessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: token,
        Expiration: new Date(expiresAtMs).toISOString(),
      },
      AssumedRoleUser: { Arn: arn, AssumedRoleId: `AROATEST:${request.RoleSessionName}` },
    };
  }
}

const jsonCodes = {
  missing: 'MissingAuthenticationTokenException',
  unknown: 'UnrecognizedClientException',
  expired: 'ExpiredTokenException',
  signature: 'InvalidSignatureException',
};

const queryCodes = {
  missing: 'MissingAuthenticationToken',
  unknown: 'InvalidClientTokenId',
  expired: 'ExpiredToken',
  signature: 'SignatureDoesNotMatch',
};

function refusal(code: string, message: string): AwsFault {
  return new AwsFault(code, message, { status: code.endsWith('Exception') ? 400 : 403 });
}

/** @throws AwsFault `ValidationException` */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AwsFault('ValidationException', `1 validation error detected: ${issue?.path.join('.')}: ${issue?.message}`);
}
