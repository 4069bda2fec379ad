import { dirname } from 'node:path';
import type { FolderFiles } from './folder-files.ts';
import { systemCode } from './store-errors.ts';

/*
 * The folders of a folder store, which processes make and remove beside each other.
 *
 * D1  Before anything gets its name in a folder, the folder's own name and those of all above it, up to the root, are synced.
 * D2  A folder that is empty is removed, by whoever deleted the last of it or finds it in a listing. What is put there meanwhile makes it anew.
 * D3  A folder that is known here may thus have been removed, and made anew by another process that has not synced it yet. So after something got
 *     its name in it, and before that is acknowledged, its identity is looked at: while it is the one that was known before the sync of D1, it
 *     was never empty long enough to go, and neither were those above it; if it is another one, all is synced again.
 */
export class FolderTree {
  readonly #root: string;
  readonly #files: FolderFiles;
  /** Path -> identity of a folder that is synced into its parent. */
  readonly #known = new Map<string, string>();

  constructor(root: string, files: FolderFiles) {
    this.#root = root;
    this.#files = files;
  }

  /** D1. @throws an error with the code ENOENT when a folder above was removed meanwhile: then it is to be made again */
  async make(path: string): Promise<void> {
    if (this.#known.has(path)) return;
    if (path.startsWith(`${this.#root}/`)) await this.make(dirname(path));
    await this.#makeOne(path);
    const identity = await this.#files.folderIdentity(path); // before the sync: D3
    await this.#files.syncFolder(dirname(path)).catch((error: unknown) => {
      // A parent above the store that may not be opened: then the folder itself was there before.
      if (path !== this.#root && !this.#root.startsWith(`${path}/`)) throw error;
    });
    this.#known.set(path, identity);
  }

  /** D3: called when something has got its name in the folder. */
  async confirm(path: string): Promise<void> {
    if ((await this.#files.folderIdentity(path)) === this.#known.get(path)) return;
    this.forget();
    await this.make(path);
  }

  /** Folders were removed: all are looked at again. */
  forget(): void {
    this.#known.clear();
  }

  /** D2: from this folder up to the first that isn't empty. */
  async removeEmptied(path: string): Promise<void> {
    for (let folder = path; folder.startsWith(`${this.#root}/`); folder = dirname(folder)) {
      try {
        await this.#files.rmdir(folder);
      } catch {
        return; // something is in it, somebody else was first, or it may not be removed
      }
      this.#known.delete(folder);
    }
  }

  async #makeOne(path: string): Promise<void> {
    try {
      await this.#files.mkdir(path);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EEXIST') return;
      // Above the root nobody removes anything.
      const isMissing = code === 'ENOENT' && !path.startsWith(`${this.#root}/`) && dirname(path) !== path;
      if (!isMissing) throw error;
      await this.make(dirname(path));
      await this.#makeOne(path);
    }
  }
}
