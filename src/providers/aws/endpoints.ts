/** Where the services are, when it is not where AWS has them: VPC endpoints, test servers. */
import { ProviderError } from '../../provider/errors.ts';

export interface Endpoints {
  readonly secretsManager: string | undefined;
  readonly ssm: string | undefined;
  readonly sts: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ProviderError `invalid` that names the variable which holds no URL */
export function endpointsOf(environment: Environment): Endpoints {
  return {
    secretsManager: urlOf('AWS_SECRETSMANAGER_ENDPOINT', environment),
    ssm: urlOf('AWS_SSM_ENDPOINT', environment),
    sts: urlOf('AWS_STS_ENDPOINT', environment),
  };
}

function urlOf(variable: string, environment: Environment): string | undefined {
  const url = environment[variable];
  if (url === undefined || url === '') return undefined;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new ProviderError('invalid', `the operator's environment variable ${variable} is not a URL`);
}
