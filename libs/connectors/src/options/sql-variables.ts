import type { SecretsFolder } from './secrets-folder.ts';

/** Variables that belong to the process itself, or to what it runs on: whoever writes SQL has no business with them. */
const reserved = patternsOf(['AWS_*', 'GOOGLE_*', 'AZURE_*', 'NODE_*', 'OTEL_*', 'KUBERNETES_*', 'WEIR_*']);
/** Of those, what is for SQL all the same. */
const excepted = patternsOf(['WEIR_KAFKA_*']);

export interface SqlVariablesOptions {
  /** Patterns such as `KAFKA_*`: when given, all others are refused. */
  readonly only?: readonly string[];
  /** Names of variables that hold secrets of the process. */
  readonly secret?: readonly string[];
  /** Where variables are looked for that the environment doesn't have. */
  readonly folder?: SecretsFolder;
}

/** The environment as options may name it: `{{ KAFKA_PASSWORD }}`; behind it the files of the secrets folder, by their names. */
export class SqlVariables {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #only: RegExp | null;
  readonly #onlyText: string;
  readonly #secret: ReadonlySet<string>;
  readonly #folder: SecretsFolder | undefined;

  constructor(environment: Readonly<Record<string, string | undefined>>, options: SqlVariablesOptions = {}) {
    this.#environment = environment;
    this.#only = options.only === undefined ? null : patternsOf(options.only);
    this.#onlyText = options.only?.join(', ') ?? '';
    this.#secret = new Set(options.secret);
    this.#folder = options.folder;
  }

  /** Why an option may not name this variable; null when it may. */
  refusal(name: string): string | null {
    if (this.#secret.has(name) || (reserved.test(name) && !excepted.test(name)))
      return 'belongs to the process itself and is never filled in';
    if (this.#only !== null && !this.#only.test(name))
      return `isn't among those that SQL may name here (${this.#onlyText || 'none'})`;
    return null;
  }

  /** Its value; undefined when it isn't set, or may not be named. */
  value(name: string): string | undefined {
    if (this.refusal(name) !== null) return undefined;
    return this.#environment[name] ?? this.#folder?.variable(name);
  }
}

/** `WEIR_SQL_VARIABLES`: names by comma, `*` for any characters; undefined when the setting isn't there. */
export function variablePatterns(setting: string | undefined): readonly string[] | undefined {
  if (setting === undefined) return undefined;
  return setting.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function patternsOf(patterns: readonly string[]): RegExp {
  const sources = patterns.map((pattern) =>
    pattern
      .split('*')
      .map((part) => part.replaceAll(/[^A-Za-z0-9_]/g, (other) => `\\${other}`))
      .join('.*'),
  );
  return new RegExp(`^(?:${sources.length === 0 ? '(?!)' : sources.join('|')})$`);
}
