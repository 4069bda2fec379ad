import type { Statement } from './ast/statement.ts';
import type { WithOption } from './ast/with-options.ts';
import { parseSql } from './parse/parse-sql.ts';

/** Names of the options that a connector marks as secret; undefined for one that isn't known. */
export type SecretOptions = (connector: string) => readonly string[] | undefined;

/** What stands in the place of a secret. */
export const redacted = '********';

/** A value that is one variable and nothing else gives nothing away. */
export function isVariable(value: string): boolean {
  return /^\{\{\s*[A-Za-z_][A-Za-z0-9_]*\s*\}\}$/.test(value.trim());
}

/**
 * The text with the literal values of secret options replaced, line by line as long as before. Of a connector that isn't known every value
 * is taken for a secret. Null when the text can't be read: what is a secret there nobody can say.
 */
export function redactSql(
  text: string,
  secretsOf: SecretOptions,
  inPlaceOf: (option: string, secret: string) => string = () => redacted,
): string | null {
  const { statements, diagnostics } = parseSql(text);
  if (diagnostics.some(({ severity }) => severity === 'error')) return null;
  const secrets = statements
    .flatMap(optionsOf)
    .flatMap((options) => secretValues(options, secretsOf))
    .toSorted((a, b) => b.value.span.start - a.value.span.start);
  let shown = text;
  for (const { key, value } of secrets) {
    const { start, end } = value.span;
    const lines = shown.slice(start, end).split('\n').length;
    const other = inPlaceOf(key, value.text);
    shown = `${shown.slice(0, start)}'${other}'${'\n'.repeat(lines - 1)}${shown.slice(end)}`;
  }
  return shown;
}

function optionsOf(statement: Statement): (readonly WithOption[])[] {
  if (statement.kind === 'explain') return optionsOf(statement.statement);
  const has = statement.kind === 'create_table' || statement.kind === 'create_connection_profile';
  return has ? [statement.options] : [];
}

function secretValues(options: readonly WithOption[], secretsOf: SecretOptions): WithOption[] {
  const connector = options.find(({ key }) => key === 'connector')?.value.text ?? '';
  const secrets = secretsOf(connector);
  return options.filter(
    ({ key, value }) => key !== 'connector' && (secrets?.includes(key) ?? true) && !isVariable(value.text),
  );
}
