/** The Fake generator: answers with what stands in its spec. For tests and trials. */
import { FakeGeneratorSpec } from '../../api/generators/fake.ts';
import type { Generator } from '../../provider/generator.ts';

export const generator: Generator<FakeGeneratorSpec> = {
  kind: 'Fake',
  clusterSpecKey: 'fakeSpec',
  Spec: FakeGeneratorSpec,
  async generate({ data = {} }) {
    return { values: new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)])) };
  },
};
