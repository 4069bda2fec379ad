import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads are kept, outside the clone, so that every clone and every fresh start finds them. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'weir');
}

/**
 * The folder `name` in the cache. If it isn't there, `fill` makes its content in a folder beside it, which is renamed at the
 * end: a folder in the cache is always whole, and of two runs that fill it at once one wins and the other takes its result.
 * @returns undefined if `fill` says (by false) that it could not
 */
export async function cached(
  name: string,
  fill: (folder: string) => Promise<boolean>,
): Promise<string | undefined> {
  const target = join(cacheFolder(), name);
  if (existsSync(target)) return target;
  mkdirSync(cacheFolder(), { recursive: true });
  const fresh = mkdtempSync(join(cacheFolder(), `.${name}-`));
  try {
    if (!(await fill(fresh))) return undefined;
    try {
      renameSync(fresh, target);
    } catch (error) {
      if (!existsSync(target)) throw error;
    }
    return target;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
