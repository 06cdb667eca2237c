import { defineConfig } from 'vitest/config';

// One project a tier. What a tier needs from the machine is said in CONTRIBUTING.md.
const worldSuites = ['test/conformance/**/*.test.ts', 'test/integration/**/*.test.ts', 'test/acceptance/**/*.test.ts'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'test/architecture.test.ts',
            'test/crds/**/*.test.ts',
            'test/docs/**/*.test.ts',
          ],
          exclude: ['**/*.backend.test.ts'],
          // No test asserts on time; a busy machine must not fail one that has much to try.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'], testTimeout: 120_000 } },
      {
        test: {
          name: 'devserver',
          include: worldSuites,
          exclude: ['**/*.cluster.test.ts'],
          env: { TEST_WORLD: 'devserver' },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: [...worldSuites, 'test/gitops/**/*.test.ts'],
          env: { TEST_WORLD: 'control-plane' },
          globalSetup: ['test/support/sharedcluster.ts'],
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'chart',
          include: ['test/chart/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'image',
          include: ['test/image/**/*.test.ts'],
          env: { TEST_WORLD: 'devserver' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'backends',
          include: ['src/**/*.backend.test.ts', 'test/backends/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
