/** Opens a store on Parameter Store. */
import type { ConnectContext } from '../../../provider/context.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import { toProviderError } from '../errors.ts';
import type { AwsSpec } from '../schema.ts';
import type { AwsEnvironment } from '../sdk.ts';
import { AwsStore } from '../store.ts';
import { ParameterStoreApi } from './api.ts';
import { findParameters } from './find.ts';
import { ParameterReader } from './reader.ts';
import { ParameterStoreWriter } from './writer.ts';

/** Loads the SDK and opens no connection. */
export async function openParameterStore(
  spec: AwsSpec,
  context: ConnectContext,
  environment: AwsEnvironment,
  source: CredentialSource,
): Promise<AwsStore> {
  const call = context.calls('AWS/ParameterStore', toProviderError);
  const api = await ParameterStoreApi.open({ source, environment, call });
  const reader = new ParameterReader(api, context.clock);
  return new AwsStore({
    prefix: spec.prefix,
    transport: environment.transport,
    authenticate: (signal) => api.authenticate(signal),
    reader,
    find: (query, signal) => findParameters(api, reader, query, signal),
    writer: new ParameterStoreWriter(api, spec.prefix),
  });
}
