import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{libs,apps,tools}/*/src/**/*.test.ts', 'tools/*.test.ts'],
          exclude: ['**/*.integration.test.ts', 'apps/e2e/**'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{libs,apps,tools}/*/src/**/*.integration.test.ts'],
          globalSetup: ['./tools/stack/src/vitest-global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['apps/e2e/src/**/*.e2e.test.ts'],
          globalSetup: ['./tools/stack/src/vitest-global-setup.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
