/** The fake provider: secrets that stand in the store itself. For tests, trials and demos. */
import type { ConnectContext } from '../../provider/context.ts';
import type { Provider, SecretsClient, SpecVerdict } from '../../provider/provider.ts';
import { FakeClient } from './client.ts';
import { FakeSpec } from './schema.ts';

export const provider: Provider<FakeSpec> = {
  name: 'fake',
  Spec: FakeSpec,
  capabilities: 'ReadWrite',
  maintenance: 'NotMaintained',
  validate,
  connect,
};

function validate(spec: FakeSpec): SpecVerdict {
  const errors = spec.data.flatMap(({ key, value }, index) => [
    ...(key === '' ? [`data[${index}] has no key`] : []),
    ...(value === '' ? [`data[${index}] has no value`] : []),
  ]);
  return { errors, warnings: [] };
}

async function connect(spec: FakeSpec, context: ConnectContext): Promise<SecretsClient> {
  return new FakeClient(spec, context);
}
