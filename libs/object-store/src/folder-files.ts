import { link, mkdir, open, readdir, readFile, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { systemCode } from './store-errors.ts';

/** What tells a file from another one of its name. */
export interface FileFacts {
  readonly modifiedMs: number;
  /** Null while the file is so young that one which is put in its place might get the same. */
  readonly identity: string | null;
}

/** Clocks of file systems go in steps of some milliseconds. */
const youngMs = 1000;

/** The file system calls that a folder store makes, so that tests can let any of them fail. Errors carry the system's `code`. */
export interface FolderFiles {
  readFile(path: string): Promise<Uint8Array>;
  /** Bytes [start, end) of a file, fewer where it ends before. */
  readRange(path: string, start: number, end: number): Promise<Uint8Array>;
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
  facts(path: string): Promise<FileFacts>;
  /** Tells a folder from an earlier or later one of its name. */
  folderIdentity(path: string): Promise<string>;
}

export const nodeFolderFiles: FolderFiles = {
  readFile: (path) => readFile(path),
  async readRange(path, start, end) {
    const file = await open(path, 'r');
    try {
      // No more room than the file has bytes: a range may reach far beyond its end.
      const { size } = await file.stat();
      const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(end, size) - start));
      let used = 0;
      while (used < bytes.length) {
        const { bytesRead } = await file.read(bytes, used, bytes.length - used, start + used);
        if (bytesRead === 0) break;
        used += bytesRead;
      }
      return bytes.subarray(0, used);
    } finally {
      await file.close();
    }
  },
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
  async facts(path) {
    const { mtimeMs, ctimeMs, ino, size } = await stat(path);
    const young = Math.abs(Date.now() - ctimeMs) < youngMs;
    return { modifiedMs: mtimeMs, identity: young ? null : `${ino}.${ctimeMs}.${size}` };
  },
  async folderIdentity(path) {
    const { dev, ino, birthtimeNs } = await stat(path, { bigint: true });
    return `${dev}.${ino}.${birthtimeNs}`;
  },
};

/** Undefined instead of "no such file". */
export async function orNone<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
