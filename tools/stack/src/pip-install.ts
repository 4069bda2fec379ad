import { findOnPath, runCommand } from './run-command.ts';

/** Installs a PyPI package into a folder (`--target`: a virtual environment would need a package of its own on Debian). */
export async function pipInstall(name: string, folder: string): Promise<boolean> {
  const options = ['install', '--quiet', '--disable-pip-version-check', '--target', folder, name];
  const deadlineMs = 300_000;
  const python = findOnPath('python3', 'python');
  if (python !== undefined && (await runCommand(python, ['-m', 'pip', ...options], { deadlineMs })).ok)
    return true;
  const pip = findOnPath('pip3', 'pip');
  return pip !== undefined && (await runCommand(pip, options, { deadlineMs })).ok;
}
