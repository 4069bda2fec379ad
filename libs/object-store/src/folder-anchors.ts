import type { FolderFiles } from './folder-files.ts';
import { anchorOf, orNone } from './folder-versions.ts';

/** `bytes`: of the anchor, where it had to be read. */
export interface Anchor {
  readonly anchor: string;
  readonly bytes: Uint8Array | null;
}

/** Objects that are changed or asked for again and again are few. */
const mostKnown = 1024;

/**
 * The anchors of objects that were looked at lately. An anchor is never changed in place, so whoever finds the same file knows it without
 * reading: an object that is polled or replaced every second costs a look at its file, whatever its size.
 */
export class FolderAnchors {
  readonly #files: FolderFiles;
  readonly #known = new Map<string, { readonly identity: string; readonly anchor: string }>();

  constructor(files: FolderFiles) {
    this.#files = files;
  }

  /** The anchor of the object at a path, undefined when there is none. */
  async at(path: string): Promise<Anchor | undefined> {
    const facts = await orNone(this.#files.facts(path));
    const known = this.#known.get(path);
    if (known !== undefined && facts?.identity === known.identity)
      return { anchor: known.anchor, bytes: null };
    this.#known.delete(path);
    if (facts === undefined) return undefined;
    const bytes = await orNone(this.#files.readFile(path));
    if (bytes === undefined) return undefined;
    const anchor = anchorOf(bytes);
    // Should the file have been another one than was looked at: that one is gone, and its identity doesn't come back.
    if (facts.identity !== null) this.#remember(path, facts.identity, anchor);
    return { anchor, bytes };
  }

  #remember(path: string, identity: string, anchor: string): void {
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(path, { identity, anchor });
  }
}
