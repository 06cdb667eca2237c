import { describe } from 'vitest';
import { lacksMoto } from '../../../test/support/moto.ts';
import type { Abilities } from '../../provider/testing/backend.ts';
import { describeProviderContract } from '../../provider/testing/contract.ts';
import { startMotoParameterStore, startMotoSecretsManager } from './testing/motobackend.ts';

/** moto breaks in no way of its own: faults are the business of the server in `test/support`. */
const common = { emptyValues: false, find: ['name', 'tags', 'path'], push: true } as const;
const secrets: Abilities = { ...common, bytes: 'any', missingVersion: 'notFound' };
const parameters: Abilities = { ...common, bytes: 'text', maxBytes: 4_096, missingVersion: 'invalid' };

describe.skipIf(await lacksMoto())('on moto', () => {
  describeProviderContract({ name: 'aws SecretsManager', can: secrets, start: startMotoSecretsManager });
  describeProviderContract({ name: 'aws ParameterStore', can: parameters, start: startMotoParameterStore });
});
