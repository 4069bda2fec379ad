import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';

const longestFile = 256 * 1024;

/**
 * The folder of secrets that is given to a process, one a file, as a secret manager mounts them. Read at each use: what is changed there is
 * taken at the next connection.
 */
export class SecretsFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What the file of a variable's name holds, without the line's end; undefined when there is none. */
  variable(name: string): string | undefined {
    try {
      return this.#read(name).replace(/\r?\n$/u, '');
    } catch {
      return undefined;
    }
  }

  /** @throws WeirError WEIR-3604 for what isn't there, or leads out of the folder */
  file(option: string, path: string): string {
    try {
      return this.#read(path);
    } catch (cause) {
      const why = cause instanceof WeirError ? cause.message : 'which can not be read here';
      throw new WeirError('WEIR-3604', `option '${option}' names the file ${path}, ${why}`, {
        hint: `put it into the secrets folder of every process (${this.#folder}), or write the PEM text itself`,
      });
    }
  }

  /** Links are followed, as long as they stay inside: Kubernetes mounts secrets as links. */
  #read(path: string): string {
    const folder = realpathSync(this.#folder);
    const real = realpathSync(resolve(this.#folder, path));
    const inside = relative(folder, real);
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside))
      throw new WeirError('WEIR-3604', 'which leads out of the secrets folder');
    const bytes = readFileSync(real);
    if (bytes.length > longestFile)
      throw new WeirError('WEIR-3604', `which is longer than ${longestFile} bytes`);
    return bytes.toString('utf8');
  }
}
