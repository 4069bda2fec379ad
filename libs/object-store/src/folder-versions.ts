import { join } from 'node:path';
import { anchorOf, type FolderAnchors } from './folder-anchors.ts';
import { orNone, type FolderFiles } from './folder-files.ts';

/*
 * How a key lies in a folder. Nothing is ever changed in place and there are no locks, so a process may be killed or
 * frozen between any two steps: each change is one exclusive link(2), which happens or doesn't.
 *
 *   a/b        the anchor: the object exists exactly while this file does, and this is its version 1
 *   a/b@v/     its later versions, if it was ever replaced; file `<anchor>.<n>` is version n, where <anchor> is a hash of the anchor
 *
 * F1  An object is created by linking its anchor, deleted by unlinking it; versions of another anchor count for nothing.
 * F2  Version n is replaced by linking n+1, so of all writers that hold n's etag one wins. The highest version is the object.
 * F3  Versions below the last three are removed. A writer that was frozen with an old etag may then link into a removed place: it
 *     sees a version at least two above its own, or another anchor. So does a winner that was overtaken: the outcome is unknown to both.
 *     Its file is below the highest, so nobody reads it.
 */

export interface Version {
  readonly anchor: string;
  readonly version: number;
}

export interface ListedVersion extends Version {
  /** All versions but the first that are there. */
  readonly later: readonly number[];
}

export interface CurrentVersion extends Version {
  readonly bytes: Uint8Array;
}

/** Versions that are kept beside the highest one. */
const keptVersions = 2;

export const versionsFolder = (path: string): string => `${path}@v`;

export const isVersionsFolder = (name: string): boolean => name.endsWith('@v');

export function versionPath(path: string, anchor: string, version: number): string {
  return join(versionsFolder(path), `${anchor}.${version}`);
}

/** Which version of a path's object is the current one, undefined when there is no object. */
export async function currentVersion(
  files: FolderFiles,
  anchors: FolderAnchors,
  path: string,
): Promise<ListedVersion | undefined> {
  const found = await anchors.at(path);
  if (found === undefined) return undefined; // F1
  const { anchor } = found;
  const later = await versionsOf(files, path, anchor);
  return { anchor, version: Math.max(1, ...later), later };
}

/** The object at a path, undefined when there is none. */
export async function readCurrent(
  files: FolderFiles,
  anchors: FolderAnchors,
  path: string,
): Promise<CurrentVersion | undefined> {
  for (;;) {
    const first = await anchors.at(path);
    if (first === undefined) return undefined; // F1
    const { anchor } = first;
    const version = await highestVersion(files, path, anchor);
    if (version === 1 && first.bytes !== null) return { anchor, version, bytes: first.bytes };
    const bytes = await orNone(files.readFile(version === 1 ? path : versionPath(path, anchor, version)));
    // Version 1 lies where that of an object made anew lies too.
    if (bytes !== undefined && (version > 1 || anchorOf(bytes) === anchor)) return { anchor, version, bytes };
    // Replaced and removed meanwhile, or the whole object deleted: look again.
  }
}

/**
 * A part of the object at a path, undefined when there is none. A file is never changed in place, so what is read from it is of one content.
 * An object that was never replaced isn't read whole to know its version: after the look at its versions it was the current one, or is.
 */
export async function readCurrentRange(
  files: FolderFiles,
  anchors: FolderAnchors,
  path: string,
  start: number,
  end: number,
): Promise<Uint8Array | undefined> {
  if (!(await hasVersions(files, path))) return orNone(files.readRange(path, start, end));
  return (await readCurrent(files, anchors, path))?.bytes.slice(start, end);
}

/** Whether there may be later versions, of whatever anchor. */
export async function hasVersions(files: FolderFiles, path: string): Promise<boolean> {
  return ((await orNone(files.readdir(versionsFolder(path)))) ?? []).length > 0;
}

/** 1 when the object was never replaced. */
export async function highestVersion(files: FolderFiles, path: string, anchor: string): Promise<number> {
  return Math.max(1, ...(await versionsOf(files, path, anchor)));
}

async function versionsOf(files: FolderFiles, path: string, anchor: string): Promise<number[]> {
  const entries = (await orNone(files.readdir(versionsFolder(path)))) ?? [];
  return entries
    .filter((entry) => entry.name.startsWith(`${anchor}.`))
    .map((entry) => Number(entry.name.slice(anchor.length + 1)))
    .filter((version) => Number.isSafeInteger(version) && version > 1);
}

/** F3: removes what nobody needs any more. What can't be removed now is removed later. */
export async function removeOldVersions(
  files: FolderFiles,
  path: string,
  current: ListedVersion,
): Promise<void> {
  const old = current.later.filter((version) => version < current.version - keptVersions);
  await Promise.allSettled(old.map((version) => files.unlink(versionPath(path, current.anchor, version))));
}

/** True when a writer that linked `version` can know that it has won: F3. */
export function isCertain(version: number, highest: number): boolean {
  return highest <= version + keptVersions;
}

/** After the anchor was unlinked: removes the versions that no longer count. */
export async function removeAllVersions(files: FolderFiles, path: string, anchor: string): Promise<void> {
  const versions = await versionsOf(files, path, anchor);
  await Promise.allSettled(versions.map((version) => files.unlink(versionPath(path, anchor, version))));
  await files.rmdir(versionsFolder(path)).catch(() => undefined);
}
