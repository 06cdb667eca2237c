/** Opens a store on Secrets Manager. */
import type { ConnectContext } from '../../../provider/context.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import { toProviderError } from '../errors.ts';
import type { AwsSpec } from '../schema.ts';
import type { AwsEnvironment } from '../sdk.ts';
import { AwsStore } from '../store.ts';
import { SecretsManagerApi } from './api.ts';
import { findSecrets } from './find.ts';
import { SecretReader } from './reader.ts';
import { SecretsManagerWriter } from './writer.ts';

/** Loads the SDK and opens no connection. */
export async function openSecretsManager(
  spec: AwsSpec,
  context: ConnectContext,
  environment: AwsEnvironment,
  source: CredentialSource,
): Promise<AwsStore> {
  const call = context.calls('AWS/SecretsManager', toProviderError);
  const api = await SecretsManagerApi.open({ source, environment, call });
  const reader = new SecretReader(api, context.clock);
  return new AwsStore({
    prefix: spec.prefix,
    transport: environment.transport,
    authenticate: (signal) => api.authenticate(signal),
    reader,
    find: (query, signal) => findSecrets(api, reader, query, signal),
    writer: new SecretsManagerWriter({ api, spec, objects: context.objects }),
  });
}
