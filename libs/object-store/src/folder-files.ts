import { link, mkdir, open, readdir, readFile, rm, rmdir, stat, unlink } from 'node:fs/promises';

/** The file system calls that a folder store makes, so that tests can let any of them fail. Errors carry the system's `code`. */
export interface FolderFiles {
  readFile(path: string): Promise<Uint8Array>;
  /** Creates a file that isn't there, writes it and syncs it to disk. */
  writeSynced(path: string, bytes: Uint8Array): Promise<void>;
  /** Gives a file a second name, EEXIST if that is taken: the one atomic step that all exclusive changes rest on. */
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  /** Creates one folder; its parent must be there. */
  mkdir(path: string): Promise<void>;
  /** Names in a folder, with what they are. */
  readdir(path: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>;
  syncFolder(path: string): Promise<void>;
  modifiedMs(path: string): Promise<number>;
}

export const nodeFolderFiles: FolderFiles = {
  readFile: (path) => readFile(path),
  async writeSynced(path, bytes) {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  },
  link: (from, to) => link(from, to),
  unlink: (path) => unlink(path),
  rmdir: (path) => rmdir(path),
  mkdir: (path) => mkdir(path),
  async readdir(path) {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  },
  async syncFolder(path) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  modifiedMs: async (path) => (await stat(path)).mtimeMs,
};
