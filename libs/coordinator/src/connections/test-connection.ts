import { asReferences } from '@weir/connectors/connections/saved-option.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { hasErrors, type Diagnostic } from '@weir/sql/diagnostics/diagnostic.ts';
import { defineTable, readDefinitions, type DefinedTable } from '@weir/sql/definitions.ts';
import type { TestTableRequest, ValidateProfileRequest } from '@weir/wire/gen/weir/v1/schema.ts';
import { noSuchConnection, wrongArgument, wrongState } from '../api/api-errors.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import type { ConnectionTester } from './connection-tester.ts';
import { profileIssues, secretNames } from './put-profile.ts';
import { TextSecrets } from './text-secrets.ts';

interface ProfileDraft {
  readonly name: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Who tests connections. @throws GrpcStatusError where nobody does */
export function testerOf({ tester }: CoordinatorContext): ConnectionTester {
  if (tester !== undefined) return tester;
  throw wrongState('connections are not tested here', 'ask a controller of a cluster');
}

/** What is asked about a saved profile, or a draft of one. */
export async function profileTest(
  context: CoordinatorContext,
  { name, connector, options }: ProfileDraft,
): Promise<ValidateProfileRequest> {
  const there = name === '' ? undefined : await context.connections.profiles.get(name);
  const saved = there === undefined ? {} : asReferences(there.options);
  if (connector === '') {
    if (there === undefined) throw noSuchConnection('profiles', name);
    return { connector: there.connector, options: saved };
  }
  const secrets = there?.connector === connector ? (secretNames(context, connector) ?? []) : [];
  const kept = Object.fromEntries(
    Object.entries(saved).filter(([option]) => secrets.includes(option) && options[option] === undefined),
  );
  const stand = Object.fromEntries(Object.keys(kept).map((option) => [option, '********']));
  const issues = profileIssues(context, connector, { ...stand, ...options });
  if (issues[0] !== undefined)
    throw wrongArgument(issues.map(({ message }) => message).join('; '), issues[0].hint ?? '');
  return { connector, options: { ...kept, ...options } };
}

/**
 * What is asked about the table of a CREATE TABLE statement; its secrets are stored while the test runs.
 * @returns the request, and what takes the secrets away again
 */
export async function tableTest(
  context: CoordinatorContext,
  ddl: string,
): Promise<{ readonly request: TestTableRequest; readonly forget: () => Promise<void> }> {
  const { connections, compiler, ports } = context;
  const { tables, diagnostics } = readDefinitions(ddl);
  const [statement] = tables;
  if (hasErrors(diagnostics) || statement === undefined || tables.length > 1) throw notOne(diagnostics);
  const secrets = new TextSecrets(connections.vault, ports.rng.id(16), (name) => secretNames(context, name));
  const catalog = compiler.tables?.(secrets);
  if (catalog === undefined) throw wrongState('tables are not tested here', 'ask a controller of a cluster');
  const found: Diagnostic[] = [];
  try {
    const defined = await defineTable(statement, catalog, (diagnostic) => found.push(diagnostic));
    if (defined === null || hasErrors(found)) throw notOne(found);
    return { request: requestOf(defined), forget: () => secrets.forget() };
  } catch (error) {
    await secrets.forget();
    throw error;
  }
}

/** A saved table, as it was when it was saved. */
export async function savedTableTest(context: CoordinatorContext, name: string): Promise<TestTableRequest> {
  const record = await context.connections.tables.get(name);
  if (record === undefined) throw noSuchConnection('tables', name);
  const { columns, pinned, connector } = record;
  return requestOf({
    access: { table: record.name, connector, options: asReferences(record.options) },
    columns,
    pinned,
  });
}

function requestOf({
  access,
  columns,
  pinned,
}: Pick<DefinedTable, 'columns' | 'pinned'> & {
  readonly access: Pick<DefinedTable['access'], 'table' | 'connector' | 'options'>;
}): TestTableRequest {
  const { table, connector, options } = access;
  const type = options['type'];
  return {
    table: {
      table,
      connector,
      options: { ...options },
      hasColumns: columns.length > 0,
      columns: columns.map((field) => ({
        name: field.name,
        type: formatType(field.type),
        nullable: field.nullable,
        typeJson: JSON.stringify(field.type),
        note: '',
      })),
      primaryKey: [],
      use: type === 'sink' ? 'write' : type === 'source' ? 'read' : '',
      metadata: [],
    },
    pinnedJson: JSON.stringify(pinned),
  };
}

function notOne(diagnostics: readonly Diagnostic[]): Error {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return wrongArgument(
    error?.message ?? 'one CREATE TABLE statement is expected',
    error?.hint ?? 'weir table create says where it is wrong',
  );
}
