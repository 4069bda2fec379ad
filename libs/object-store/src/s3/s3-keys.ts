import { InvalidStoreName } from '../store-errors.ts';
import { checkKey, escapeSegment, unescapeSegment } from '../store-keys.ts';

const maxNameBytes = 1024;

/**
 * Names of a store's objects in its bucket: the prefix, and the key with each part escaped as the folder store does it, for some S3
 * servers are folders themselves or refuse `..`. Ordinary keys look as they are.
 */
export class S3Keys {
  /** Empty, or ends in a slash. */
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
  }

  /** @throws InvalidStoreName */
  toObject(key: string): string {
    checkKey(key);
    const name = this.#prefix + key.split('/').map(escapeSegment).join('/');
    if (Buffer.byteLength(name) > maxNameBytes)
      throw new InvalidStoreName(`the key '${key.slice(0, 60)}…' is too long for S3`);
    return name;
  }

  /** The key of an object; undefined for one that isn't this store's. */
  toKey(object: string): string | undefined {
    if (!object.startsWith(this.#prefix)) return undefined;
    const segments = object.slice(this.#prefix.length).split('/').map(unescapeSegment);
    return segments.some((segment) => segment === undefined || segment === '')
      ? undefined
      : segments.join('/');
  }

  /** What the objects of all keys with this prefix begin with, and maybe others. */
  toObjectPrefix(keyPrefix: string): string {
    const parts = keyPrefix.split('/');
    const last = parts.pop() ?? '';
    const folders = parts.map((part) => `${escapeSegment(part)}/`).join('');
    return this.#prefix + folders + (last.isWellFormed() ? escapeSegment(last) : '');
  }
}
