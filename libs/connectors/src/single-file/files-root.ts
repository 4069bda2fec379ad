import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';

/**
 * Where a table's path lies on the disk, links followed: below the folder that the process gives to tables, and nowhere else. A
 * relative path is one of that folder.
 * @throws WeirError WEIR-3307 when the process gives none, WEIR-3308 when the path leads out of it
 */
export async function pathBelow(root: string | null, table: string, path: string): Promise<string> {
  if (root === null) {
    throw new WeirError('WEIR-3307', `table ${table}: this process gives tables no folder for files`, {
      hint: 'set WEIR_FILES_DIR (--files-dir) on every worker to the folder that single_file tables may use',
    });
  }
  const folder = await realpath(root).catch((cause: unknown) => {
    throw new WeirError('WEIR-3307', `the folder for files of tables, ${root}, can not be opened`, { cause });
  });
  const real = await realpathOfWhatIsThere(resolve(folder, path)).catch((cause: unknown) => {
    throw new WeirError('WEIR-3308', `table ${table}: the path ${path} can not be followed`, { cause });
  });
  const inside = relative(folder, real);
  if (inside === '' || inside === '..' || inside.startsWith(`..${'/'}`) || isAbsolute(inside)) {
    throw new WeirError('WEIR-3308', `table ${table}: the path ${path} leads out of ${root}`, {
      hint: 'take a path below that folder, or set WEIR_FILES_DIR (--files-dir) on every worker to another one',
    });
  }
  return real;
}

/** Links are followed as far as there is something; what is not there yet is below it. A link to nothing leads where it says. */
async function realpathOfWhatIsThere(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (dirname(path) === path) return path;
    const target = await readlink(path).catch(() => null);
    if (target !== null) return realpathOfWhatIsThere(resolve(dirname(path), target));
    return join(await realpathOfWhatIsThere(dirname(path)), basename(path));
  }
}
