import { SqlVariables, variablePatterns } from './options/sql-variables.ts';

/** What SQL may touch of the process that runs it. */
export interface ProcessAccess {
  /** Environment variables that options may name. */
  readonly variables: SqlVariables;
  /** Folder below which tables may read and write files; null for none. */
  readonly filesRoot: string | null;
}

export const noAccess: ProcessAccess = { variables: new SqlVariables({}), filesRoot: null };

export interface AccessSettings {
  /** `--sql-variables`: patterns by comma; left out: all variables but those of the process itself. */
  readonly sqlVariables: string | undefined;
  /** `--files-dir` */
  readonly filesDir: string | undefined;
  /** Variables that settings of the process mark as secrets. */
  readonly secretVariables: readonly string[];
}

export function processAccess(
  environment: Readonly<Record<string, string | undefined>>,
  settings: AccessSettings,
): ProcessAccess {
  const only = variablePatterns(settings.sqlVariables);
  const variables = new SqlVariables(environment, {
    secret: settings.secretVariables,
    ...(only === undefined ? {} : { only }),
  });
  return { variables, filesRoot: settings.filesDir ?? null };
}
