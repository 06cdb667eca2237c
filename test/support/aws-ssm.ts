/** Parameter Store in memory: versions and labels, SecureStrings, hierarchies, tags. */
import { z } from 'zod';
import { parse } from './aws-identities.ts';
import { type AwsCaller, page, toTags } from './aws-resources.ts';
import { AwsFault } from './aws-wire.ts';

type ParameterType = 'String' | 'StringList' | 'SecureString';

interface Parameter {
  readonly name: string;
  readonly region: string;
  type: ParameterType;
  keyId: string | undefined;
  tier: string;
  policies: string | undefined;
  description: string | undefined;
  readonly tags: Map<string, string>;
  /** Version 1 first. */
  readonly values: string[];
  readonly labels: Map<string, number>;
}

const Name = z.string().min(1).max(2048);
const Tags = z.array(z.object({ Key: z.string().min(1), Value: z.string() }));
const NextToken = z.string().optional();
const Filters = z
  .array(z.object({ Key: z.string(), Option: z.string().default('Equals'), Values: z.array(z.string()).default([]) }))
  .default([]);

const requests = {
  GetParameter: z.object({ Name, WithDecryption: z.boolean().default(false) }),
  GetParameters: z.object({ Names: z.array(Name).min(1).max(10), WithDecryption: z.boolean().default(false) }),
  GetParametersByPath: z.object({
    Path: Name,
    Recursive: z.boolean().default(false),
    WithDecryption: z.boolean().default(false),
    MaxResults: z.int().min(1).max(10).default(10),
    NextToken,
  }),
  DescribeParameters: z.object({
    ParameterFilters: Filters,
    MaxResults: z.int().min(1).max(50).default(50),
    NextToken,
  }),
  PutParameter: z.object({
    Name: z.string().regex(/^\/?[\w./-]{1,1011}$/),
    Value: z.string().min(1),
    Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
    KeyId: z.string().optional(),
    Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).default('Standard'),
    Policies: z.string().optional(),
    Description: z.string().max(1024).optional(),
    Overwrite: z.boolean().default(false),
    Tags: Tags.optional(),
  }),
  DeleteParameter: z.object({ Name }),
  Tagging: z.object({
    ResourceType: z.literal('Parameter'),
    ResourceId: Name,
    Tags: Tags.default([]),
    TagKeys: z.array(z.string()).default([]),
  }),
};

export interface ParameterSeed {
  readonly region?: string;
  readonly type?: ParameterType;
  readonly tags?: Readonly<Record<string, string>>;
  /** Labels of the version that is made. */
  readonly labels?: readonly string[];
}

export interface ParametersOptions {
  readonly accountId: string;
  readonly region: string;
}

export interface PeekedParameter {
  readonly value: string | undefined;
  readonly type: ParameterType;
  readonly keyId: string | undefined;
  readonly tier: string;
  readonly policies: string | undefined;
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: number;
}

export class ParametersModel {
  readonly #options: ParametersOptions;
  readonly #parameters = new Map<string, Parameter>();

  constructor(options: ParametersOptions) {
    this.#options = options;
  }

  /** Makes the parameter, or gives it a new version. @returns the version */
  put(name: string, value: string, seed: ParameterSeed = {}): number {
    const region = seed.region ?? this.#options.region;
    const parameter = this.#parameters.get(`${region}/${name}`) ?? this.#create(name, region);
    parameter.type = seed.type ?? parameter.type;
    for (const [key, text] of Object.entries(seed.tags ?? {})) parameter.tags.set(key, text);
    const version = parameter.values.push(value);
    for (const label of seed.labels ?? []) parameter.labels.set(label, version);
    return version;
  }

  remove(name: string, region = this.#options.region): void {
    this.#parameters.delete(`${region}/${name}`);
  }

  peek(name: string, region = this.#options.region): PeekedParameter | undefined {
    const parameter = this.#parameters.get(`${region}/${name}`);
    if (parameter === undefined) return undefined;
    const { type, keyId, tier, policies, description, values, tags } = parameter;
    const value = values.at(-1);
    return { value, type, keyId, tier, policies, description, versions: values.length, tags: Object.fromEntries(tags) };
  }

  handle(operation: string, input: unknown, caller: AwsCaller): unknown {
    const run = this.#operations[operation];
    if (run === undefined) throw new AwsFault('UnknownOperationException', `no such operation: ${operation}`);
    return run(input, caller);
  }

  readonly #operations: Readonly<Record<string, (input: unknown, caller: AwsCaller) => unknown>> = {
    GetParameter: (input, caller) => {
      const request = parse(requests.GetParameter, input);
      this.#authorize(caller, 'GetParameter', request.Name);
      return { Parameter: this.#read(request.Name, request.WithDecryption, caller) };
    },
    GetParameters: (input, caller) => {
      const { Names, WithDecryption } = parse(requests.GetParameters, input);
      if (new Set(Names).size !== Names.length)
        throw new AwsFault('ValidationException', 'Duplicate names are not allowed.');
      for (const name of Names) this.#authorize(caller, 'GetParameters', name);
      const found = Names.filter((name) => this.#versionOf(name, caller.region) !== undefined);
      return {
        Parameters: found.map((name) => this.#read(name, WithDecryption, caller)),
        InvalidParameters: Names.filter((name) => !found.includes(name)),
      };
    },
    GetParametersByPath: (input, caller) => this.#getParametersByPath(input, caller),
    DescribeParameters: (input, caller) => this.#describeParameters(input, caller),
    PutParameter: (input, caller) => this.#putParameter(input, caller),
    DeleteParameter: (input, caller) => {
      const { Name: name } = parse(requests.DeleteParameter, input);
      this.#authorize(caller, 'DeleteParameter', name);
      this.#existing(name, caller.region);
      this.#parameters.delete(`${caller.region}/${name}`);
      return {};
    },
    ListTagsForResource: (input, caller) => ({
      TagList: toTags(this.#tagged(input, 'ListTagsForResource', caller).tags),
    }),
    AddTagsToResource: (input, caller) => {
      const { tags } = this.#tagged(input, 'AddTagsToResource', caller);
      for (const { Key, Value } of parse(requests.Tagging, input).Tags) tags.set(Key, Value);
      return {};
    },
    RemoveTagsFromResource: (input, caller) => {
      const { tags } = this.#tagged(input, 'RemoveTagsFromResource', caller);
      for (const key of parse(requests.Tagging, input).TagKeys) tags.delete(key);
      return {};
    },
  };

  #getParametersByPath(input: unknown, caller: AwsCaller): unknown {
    const request = parse(requests.GetParametersByPath, input);
    if (!request.Path.startsWith('/'))
      throw new AwsFault('ValidationException', 'The parameter path must begin with a slash "/".');
    this.#authorize(caller, 'GetParametersByPath', request.Path);
    const path = request.Path.endsWith('/') ? request.Path : `${request.Path}/`;
    const under = this.#in(caller.region).filter(([, { name }]) => isUnder(name, path, request.Recursive));
    const { items, next } = page(under, request);
    return {
      Parameters: items.map(({ name }) => this.#read(name, request.WithDecryption, caller)),
      NextToken: next,
    };
  }

  #describeParameters(input: unknown, caller: AwsCaller): unknown {
    const request = parse(requests.DescribeParameters, input);
    caller.authorize('ssm:DescribeParameters', `arn:aws:ssm:${caller.region}:${this.#options.accountId}:*`);
    const matching = this.#in(caller.region).filter(([, parameter]) =>
      request.ParameterFilters.every((filter) => matches(parameter, filter)),
    );
    const { items, next } = page(matching, request);
    return { Parameters: items.map((parameter) => describe(parameter)), NextToken: next };
  }

  #putParameter(input: unknown, caller: AwsCaller): unknown {
    const request = parse(requests.PutParameter, input);
    this.#authorize(caller, 'PutParameter', request.Name);
    const existing = this.#parameters.get(`${caller.region}/${request.Name}`);
    checkPut(request, existing);
    const parameter = existing ?? this.#create(request.Name, caller.region);
    parameter.type = request.Type ?? parameter.type;
    parameter.keyId = parameter.type === 'SecureString' ? (request.KeyId ?? 'alias/aws/ssm') : undefined;
    parameter.tier = request.Tier;
    parameter.policies = request.Policies ?? parameter.policies;
    parameter.description = request.Description ?? parameter.description;
    for (const { Key, Value } of request.Tags ?? []) parameter.tags.set(Key, Value);
    return { Version: parameter.values.push(request.Value), Tier: parameter.tier };
  }

  #tagged(input: unknown, operation: string, caller: AwsCaller): Parameter {
    const { ResourceId } = parse(requests.Tagging, input);
    this.#authorize(caller, operation, ResourceId);
    const parameter = this.#parameters.get(`${caller.region}/${ResourceId}`);
    if (parameter === undefined)
      throw new AwsFault('InvalidResourceId', 'The resource ID is not valid. Verify that you entered the correct ID.');
    return parameter;
  }

  #read(selector: string, withDecryption: boolean, caller: AwsCaller): object {
    const { name } = split(selector);
    const parameter = this.#existing(name, caller.region);
    const version = this.#versionOf(selector, caller.region);
    if (version === undefined) {
      throw new AwsFault(
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${selector.slice(name.length + 1)} of ${name}.`,
      );
    }
    const value = parameter.values[version - 1] ?? '';
    const isHidden = parameter.type === 'SecureString' && !withDecryption;
    return {
      Name: parameter.name,
      Type: parameter.type,
      Value: isHidden ? `kms:${parameter.keyId}:${Buffer.from(value).toString('base64')}` : value,
      Version: version,
      Selector: selector === name ? undefined : selector.slice(name.length),
      ARN: this.#arn(name, caller.region),
      DataType: 'text',
      LastModifiedDate: 1_700_000_000,
    };
  }

  /** Undefined when there is no such parameter, version or label. */
  #versionOf(id: string, region: string): number | undefined {
    const { name, selector } = split(id);
    const parameter = this.#parameters.get(`${region}/${name}`);
    if (parameter === undefined) return undefined;
    const version =
      selector === undefined ? parameter.values.length : (parameter.labels.get(selector) ?? Number(selector));
    return parameter.values[version - 1] === undefined ? undefined : version;
  }

  #existing(name: string, region: string): Parameter {
    const parameter = this.#parameters.get(`${region}/${name}`);
    if (parameter === undefined) throw new AwsFault('ParameterNotFound', `Parameter ${name} not found.`);
    return parameter;
  }

  #in(region: string): [string, Parameter][] {
    return [...this.#parameters].filter(([, parameter]) => parameter.region === region);
  }

  #authorize(caller: AwsCaller, operation: string, selector: string): void {
    const tags = this.#parameters.get(`${caller.region}/${split(selector).name}`)?.tags ?? new Map<string, string>();
    const context = Object.fromEntries([...tags].map(([key, value]) => [`ssm:resourceTag/${key}`, value]));
    caller.authorize(`ssm:${operation}`, this.#arn(split(selector).name, caller.region), context);
  }

  #create(name: string, region: string): Parameter {
    const parameter: Parameter = {
      name,
      region,
      type: 'String',
      keyId: undefined,
      tier: 'Standard',
      policies: undefined,
      description: undefined,
      tags: new Map(),
      values: [],
      labels: new Map(),
    };
    this.#parameters.set(`${region}/${name}`, parameter);
    return parameter;
  }

  #arn(name: string, region: string): string {
    return `arn:aws:ssm:${region}:${this.#options.accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }
}

function checkPut(request: z.output<(typeof requests)['PutParameter']>, existing: Parameter | undefined): void {
  if (existing !== undefined && !request.Overwrite) {
    throw new AwsFault(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if (request.Overwrite && request.Tags !== undefined)
    throw new AwsFault('ValidationException', "Invalid request: tags and overwrite can't be used together.");
  if (existing === undefined && request.Type === undefined)
    throw new AwsFault('ValidationException', 'A parameter type is required when you create a parameter.');
  const limit = request.Tier === 'Standard' ? 4_096 : 8_192;
  if (Buffer.byteLength(request.Value) > limit) {
    throw new AwsFault(
      'ValidationException',
      `${request.Tier} tier parameters support a maximum parameter value of ${limit} characters.`,
    );
  }
}

/** `name:3` and `name:label`; the colons of an ARN are not selectors. */
function split(id: string): { readonly name: string; readonly selector: string | undefined } {
  const bare = id.replace(/^arn:aws:ssm:[^:]*:[^:]*:parameter/, '');
  const colon = bare.lastIndexOf(':');
  return colon < 0
    ? { name: bare, selector: undefined }
    : { name: bare.slice(0, colon), selector: bare.slice(colon + 1) };
}

function isUnder(name: string, path: string, recursive: boolean): boolean {
  // Names without a leading slash live at the root.
  const full = name.startsWith('/') ? name : `/${name}`;
  return full.startsWith(path) && (recursive || !full.slice(path.length).includes('/'));
}

function matches(parameter: Parameter, { Key, Option, Values }: z.output<typeof Filters>[number]): boolean {
  if (Key === 'Path')
    return Values.some((path) => isUnder(parameter.name, `${path.replace(/\/$/, '')}/`, Option === 'Recursive'));
  if (Key === 'Name') {
    if (Option === 'Contains') return Values.some((value) => parameter.name.includes(value));
    if (Option === 'BeginsWith') return Values.some((value) => parameter.name.startsWith(value));
    return Values.includes(parameter.name);
  }
  if (!Key.startsWith('tag:')) throw new AwsFault('InvalidFilterKey', `no such filter: ${Key}`);
  const value = parameter.tags.get(Key.slice('tag:'.length));
  return value !== undefined && (Values.length === 0 || Values.includes(value));
}

function describe(parameter: Parameter): object {
  return {
    Name: parameter.name,
    Type: parameter.type,
    KeyId: parameter.keyId,
    Tier: parameter.tier,
    Description: parameter.description,
    Version: parameter.values.length,
    Policies: parameter.policies === undefined ? [] : (JSON.parse(parameter.policies) as unknown),
  };
}
