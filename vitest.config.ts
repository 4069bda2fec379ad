import { defineConfig } from 'vitest/config';

const servers = { globalSetup: ['./tools/stack/src/vitest-global-setup.ts'] };
const alone = '**/*.alone.integration.test.ts';

// Each project has an order of its own: they run one after the other, so that a serial one has the machine to itself.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{libs,apps,tools}/*/src/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/*.e2e.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...servers,
          name: 'integration',
          include: ['{libs,apps,tools}/*/src/**/*.integration.test.ts'],
          exclude: [alone],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Tests that pause, restart or kill a server, or that fill the machine: one file at a time.
        test: {
          ...servers,
          name: 'alone',
          include: [`{libs,apps,tools}/*/src/${alone}`],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...servers,
          name: 'e2e',
          include: ['apps/e2e/src/**/*.e2e.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
