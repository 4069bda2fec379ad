import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { anchorOf, FolderAnchors } from './folder-anchors.ts';
import { nodeFolderFiles, orNone, type FolderFiles } from './folder-files.ts';
import {
  currentVersion,
  hasVersions,
  highestVersion,
  isCertain,
  isVersionsFolder,
  readCurrent,
  readCurrentRange,
  removeAllVersions,
  removeOldVersions,
  versionPath,
  versionsFolder,
  type Version,
} from './folder-versions.ts';
import { FolderTree } from './folder-tree.ts';
import type { ListedObject, ObjectStore, StoredObject } from './object-store.ts';
import {
  explainSystemError,
  InvalidStoreName,
  StoreOutcomeUnknown,
  StoreUnavailable,
  systemCode,
} from './store-errors.ts';
import { checkKey, checkRange, escapeSegment, unescapeSegment } from './store-keys.ts';

const temporaryFolder = '.tmp';
/** Each that fails met another process which emptied the folder between two steps of this one. */
const mostLinkAttempts = 20;
const abandonedAfterMs = 3_600_000;

/** Objects as files below a local folder, shared by any number of processes of one machine. See folder-versions.ts for how it is right. */
export class FolderStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;
  readonly #files: FolderFiles;
  readonly #anchors: FolderAnchors;
  readonly #folders: FolderTree;

  /** @param root absolute path; made when it isn't there */
  constructor(root: string, files: FolderFiles = nodeFolderFiles) {
    this.#root = root;
    this.#files = files;
    this.#anchors = new FolderAnchors(files);
    this.#folders = new FolderTree(root, files);
    this.url = `file://${root}`;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const path = this.#path(key);
    const current = await this.#explained('reading', path, readCurrent(this.#files, this.#anchors, path));
    return current && { bytes: current.bytes, etag: etagOf(current) };
  }

  async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    checkRange(key, start, end);
    const path = this.#path(key);
    return this.#explained('reading', path, readCurrentRange(this.#files, this.#anchors, path, start, end));
  }

  async put(key: string, bytes: Uint8Array): Promise<{ readonly etag: string }> {
    for (;;) {
      const current = await this.#current(key);
      const written = current ? await this.#replace(key, current, bytes) : await this.#create(key, bytes);
      if (written === 'linked') return { etag: etagOf(firstVersion(bytes)) };
      // Whoever overtook this put did so after it began: it counts as written before theirs.
      if (written !== 'taken' && written !== 'uncertain') return { etag: etagOf(written) };
      if (written === 'uncertain') return { etag: 'overtaken' };
    }
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    return (await this.#create(key, bytes)) === 'taken' ? 'exists' : 'created';
  }

  async putIfMatch(
    key: string,
    bytes: Uint8Array,
    etag: string | null,
  ): Promise<{ readonly etag: string } | 'mismatch'> {
    if (etag === null) {
      const created = await this.#create(key, bytes);
      return created === 'taken' ? 'mismatch' : { etag: etagOf(firstVersion(bytes)) };
    }
    const current = await this.#current(key);
    if (current === undefined || etagOf(current) !== etag) return 'mismatch';
    const written = await this.#replace(key, current, bytes);
    if (written === 'taken') return 'mismatch';
    if (written === 'uncertain') {
      throw new StoreOutcomeUnknown(
        `replacing ${key} in ${this.url}`,
        new Error('overtaken by other writers'),
      );
    }
    return { etag: etagOf(written) };
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    const first = await this.#explained('reading', path, orNone(this.#files.readFile(path)));
    if (first === undefined) return;
    await this.#explained('deleting', path, orNone(this.#files.unlink(path)));
    await removeAllVersions(this.#files, path, anchorOf(first));
    await this.#folders.removeEmptied(dirname(path));
  }

  async *list(prefix: string): AsyncIterable<string> {
    const whole = prefix.split('/').slice(0, -1);
    const start = join(this.#root, ...whole.map(escapeSegment));
    const pending: { path: string; key: string }[] = [
      { path: start, key: whole.map((part) => `${part}/`).join('') },
    ];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      const entries = await this.#explained('listing', folder.path, orNone(this.#files.readdir(folder.path)));
      if (entries?.length === 0) await this.#folders.removeEmptied(folder.path); // of a version that left them
      for (const entry of entries ?? []) {
        if (entry.isFolder && isVersionsFolder(entry.name)) continue;
        const segment = unescapeSegment(entry.name);
        if (segment === undefined || entry.name === temporaryFolder) continue;
        const key = folder.key + segment;
        if (entry.isFolder) pending.push({ path: join(folder.path, entry.name), key: `${key}/` });
        else if (key.startsWith(prefix)) yield key;
      }
    }
  }

  async *listVersions(prefix: string): AsyncIterable<ListedObject> {
    for await (const key of this.list(prefix)) {
      const current = await this.#current(key);
      if (current !== undefined) yield { key, version: etagOf(current) };
    }
  }

  async close(): Promise<void> {}

  /** Removes what processes that were killed in a put have left. Called when a store is opened. */
  async removeAbandoned(nowMs: number): Promise<void> {
    const folder = join(this.#root, temporaryFolder);
    for (const { name } of (await orNone(this.#files.readdir(folder))) ?? []) {
      const path = join(folder, name);
      const facts = await orNone(this.#files.facts(path));
      if (facts !== undefined && nowMs - facts.modifiedMs > abandonedAfterMs)
        await orNone(this.#files.unlink(path));
    }
  }

  #path(key: string): string {
    checkKey(key);
    return join(this.#root, ...key.split('/').map(escapeSegment));
  }

  async #current(key: string): Promise<Version | undefined> {
    const path = this.#path(key);
    return this.#explained('reading', path, currentVersion(this.#files, this.#anchors, path));
  }

  async #create(key: string, bytes: Uint8Array): Promise<'linked' | 'taken'> {
    const path = this.#path(key);
    // A hash holds this thread up, a snapshot has megabytes: it is made where earlier versions may lie, which is hardly ever.
    const used = await this.#explained('reading', path, hasVersions(this.#files, path));
    if (
      used &&
      (await this.#explained('reading', path, highestVersion(this.#files, path, anchorOf(bytes)))) > 1
    ) {
      if ((await this.#current(key)) !== undefined) return 'taken';
      throw new StoreUnavailable(`${path} was deleted and ${versionsFolder(path)} is left of it`, {
        hint: `remove the folder ${versionsFolder(path)}`,
        disposition: 'fatal',
      });
    }
    return await this.#linkNew(path, bytes);
  }

  async #replace(key: string, current: Version, bytes: Uint8Array): Promise<Version | 'taken' | 'uncertain'> {
    const path = this.#path(key);
    const version = current.version + 1;
    const linked = await this.#linkNew(versionPath(path, current.anchor, version), bytes);
    if (linked === 'taken') return 'taken';
    const after = await this.#unknownOnFailure(path, currentVersion(this.#files, this.#anchors, path));
    if (after?.anchor !== current.anchor || !isCertain(version, after.version)) return 'uncertain';
    await removeOldVersions(this.#files, path, after);
    return { anchor: current.anchor, version };
  }

  /** The atomic step: a synced file gets its name, and the name is synced too, also when it was somebody else's. */
  async #linkNew(path: string, bytes: Uint8Array): Promise<'linked' | 'taken'> {
    const temporary = join(this.#root, temporaryFolder, `${process.pid}.${randomBytes(9).toString('hex')}`);
    await this.#explained('writing', path, this.#writeTemporary(temporary, bytes));
    try {
      const outcome = await this.#explained('writing', path, this.#linkOrTaken(temporary, path));
      // Where the folder is gone what had the name was deleted by now: nothing is left to be synced.
      await this.#unknownOnFailure(path, orNone(this.#syncNameIn(dirname(path))));
      return outcome;
    } finally {
      await this.#files.unlink(temporary).catch(() => undefined);
    }
  }

  async #syncNameIn(folder: string): Promise<void> {
    await this.#files.syncFolder(folder);
    await this.#folders.confirm(folder);
  }

  async #writeTemporary(temporary: string, bytes: Uint8Array): Promise<void> {
    await this.#folders.make(dirname(temporary));
    try {
      await this.#files.writeSynced(temporary, bytes);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      this.#folders.forget(); // the folder was removed under a running process
      await this.#folders.make(dirname(temporary));
      await this.#files.writeSynced(temporary, bytes);
    }
  }

  async #linkOrTaken(temporary: string, path: string): Promise<'linked' | 'taken'> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#folders.make(dirname(path));
        await this.#files.link(temporary, path);
        return 'linked';
      } catch (error) {
        if (systemCode(error) === 'EEXIST') return 'taken';
        if (systemCode(error) !== 'ENOENT' || attempt === mostLinkAttempts) throw error;
        this.#folders.forget(); // one that was empty was just removed
      }
    }
  }

  async #explained<T>(what: string, path: string, promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EISDIR' || (code === 'ENOTDIR' && what !== 'listing')) {
        throw new InvalidStoreName(`${what} ${path}: one key can't be a folder of another (${code})`);
      }
      throw explainSystemError(what, path, error);
    }
  }

  async #unknownOnFailure<T>(path: string, promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      throw new StoreOutcomeUnknown(`writing ${path}`, explainSystemError('writing', path, error));
    }
  }
}

function firstVersion(bytes: Uint8Array): Version {
  return { anchor: anchorOf(bytes), version: 1 };
}

function etagOf(version: Version): string {
  return `${version.anchor}.${version.version}`;
}
