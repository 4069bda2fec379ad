import { ownOptions, type OptionResolver } from './connections/option-resolver.ts';
import { SecretKeys } from './connections/secret-keys.ts';
import { SecretsFolder } from './options/secrets-folder.ts';
import { SqlVariables, variablePatterns } from './options/sql-variables.ts';

/** What SQL may touch of the process that runs it. */
export interface ProcessAccess {
  /** Environment variables that options may name. */
  readonly variables: SqlVariables;
  /** Folder below which tables may read and write files; null for none. */
  readonly filesRoot: string | null;
  /** Folder whose files options may name (`tls.ca`); null for none. */
  readonly secretsFolder: SecretsFolder | null;
  /** Profiles and secrets that options stand for. */
  readonly options: OptionResolver;
  /** Open the secrets of the catalog. */
  readonly secretKeys: SecretKeys;
}

export const noAccess: ProcessAccess = {
  variables: new SqlVariables({}),
  filesRoot: null,
  secretsFolder: null,
  options: ownOptions,
  secretKeys: new SecretKeys(),
};

export interface AccessSettings {
  /** `--sql-variables`: patterns by comma; left out: all variables but those of the process itself. */
  readonly sqlVariables: string | undefined;
  /** `--files-dir` */
  readonly filesDir: string | undefined;
  /** Variables that settings of the process mark as secrets. */
  readonly secretVariables: readonly string[];
  /** `--secrets-dir` */
  readonly secretsDir?: string | undefined;
  /** `WEIR_SECRET_KEY` */
  readonly secretKey?: string | undefined;
}

export function processAccess(
  environment: Readonly<Record<string, string | undefined>>,
  settings: AccessSettings,
): ProcessAccess {
  const only = variablePatterns(settings.sqlVariables);
  const { secretsDir } = settings;
  const secretsFolder = secretsDir === undefined ? null : new SecretsFolder(secretsDir);
  const variables = new SqlVariables(environment, {
    secret: settings.secretVariables,
    ...(only === undefined ? {} : { only }),
    ...(secretsFolder === null ? {} : { folder: secretsFolder }),
  });
  return {
    variables,
    filesRoot: settings.filesDir ?? null,
    secretsFolder,
    options: ownOptions,
    secretKeys: new SecretKeys(settings.secretKey),
  };
}
