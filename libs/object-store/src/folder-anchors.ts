import { createHash } from 'node:crypto';
import { orNone, type FolderFiles } from './folder-files.ts';

/** `bytes`: of the anchor, where it had to be read or is small enough to be kept. */
export interface Anchor {
  readonly anchor: string;
  readonly bytes: Uint8Array | null;
}

/** Names an anchor by its content. */
export function anchorOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 24);
}

/** Objects that are changed or asked for again and again are few. */
const mostKnown = 1024;
/** Bytes that are kept together. */
const mostKept = 4 * 1024 * 1024;
const mostKeptOfOne = 64 * 1024;

interface Known {
  readonly identity: string;
  readonly anchor: string;
  readonly bytes: Uint8Array | null;
}

/**
 * The anchors of objects that were looked at lately. An anchor is never changed in place, so whoever finds the same file knows it without
 * reading: an object that is polled or replaced every second costs a look at its file.
 */
export class FolderAnchors {
  readonly #files: FolderFiles;
  readonly #known = new Map<string, Known>();
  #keptBytes = 0;

  constructor(files: FolderFiles) {
    this.#files = files;
  }

  /** The anchor of the object at a path, undefined when there is none. */
  async at(path: string): Promise<Anchor | undefined> {
    const facts = await orNone(this.#files.facts(path));
    const known = this.#known.get(path);
    if (known !== undefined && facts?.identity === known.identity) return known;
    this.#forget(path);
    if (facts === undefined) return undefined;
    const bytes = await orNone(this.#files.readFile(path));
    if (bytes === undefined) return undefined;
    const anchor = anchorOf(bytes);
    // Should the file have been another one than was looked at: that one is gone, and its identity doesn't come back.
    if (facts.identity !== null) this.#remember(path, facts.identity, { anchor, bytes });
    return { anchor, bytes };
  }

  #remember(path: string, identity: string, { anchor, bytes }: { anchor: string; bytes: Uint8Array }): void {
    if (this.#known.size >= mostKnown || this.#keptBytes >= mostKept) {
      this.#known.clear();
      this.#keptBytes = 0;
    }
    this.#forget(path);
    const keep = bytes.length <= mostKeptOfOne;
    this.#known.set(path, { identity, anchor, bytes: keep ? bytes : null });
    if (keep) this.#keptBytes += bytes.length;
  }

  #forget(path: string): void {
    this.#keptBytes -= this.#known.get(path)?.bytes?.length ?? 0;
    this.#known.delete(path);
  }
}
