// nx targets of every workspace, from one place: `nx run-many -t unit`, `nx affected -t integration`. Tests run from the
// root, by vitest's projects; those that use servers are never taken from nx's cache.
import { dirname } from 'node:path';

const vitest = (projects, root) =>
  `node node_modules/vitest/vitest.mjs run --passWithNoTests ${projects.map((name) => `--project ${name}`).join(' ')} ${root}/`;

function targetsOf(root) {
  const inRoot = { cwd: '{workspaceRoot}' };
  return {
    unit: {
      command: vitest(['unit'], root),
      options: inRoot,
      cache: true,
      inputs: ['default', '^default', 'tooling'],
    },
    integration: {
      command: vitest(['integration', 'alone', 'e2e'], root),
      options: inRoot,
      cache: false,
      parallelism: false,
    },
    lint: {
      command: `oxlint --type-aware --no-error-on-unmatched-pattern ${root}`,
      options: inRoot,
      cache: true,
      inputs: ['default', '^default', 'tooling'],
    },
    format: {
      command: `prettier --check --log-level warn ${root}`,
      options: inRoot,
      cache: true,
      inputs: ['default', 'tooling'],
    },
  };
}

export const createNodesV2 = [
  '{libs,apps,tools}/*/package.json',
  (files) =>
    files.map((file) => {
      const root = dirname(file);
      return [file, { projects: { [root]: { targets: targetsOf(root) } } }];
    }),
];
