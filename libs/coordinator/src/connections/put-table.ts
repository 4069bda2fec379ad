import { isConnectionName } from '@weir/connectors/connections/named-records.ts';
import type { TableRecord } from '@weir/connectors/connections/table-record.ts';
import { formatName } from '@weir/sql/ast/identifier.ts';
import type { CreateTable } from '@weir/sql/ast/create-table.ts';
import { defineTable, readDefinitions } from '@weir/sql/definitions.ts';
import { hasErrors, type Diagnostic } from '@weir/sql/diagnostics/diagnostic.ts';
import { redactSql } from '@weir/sql/redact-sql.ts';
import {
  changedMeanwhile,
  nameTaken,
  noSuchConnection,
  wrongArgument,
  wrongState,
} from '../api/api-errors.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { checkUsesStay } from './connection-uses.ts';
import { badName, savedOptions, secretNames } from './put-profile.ts';
import { TextSecrets } from './text-secrets.ts';

export interface TableOutcome {
  /** Null when it has errors. */
  readonly record: TableRecord | null;
  /** False: it was there already, the same. */
  readonly changed: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Saves the table of one CREATE TABLE statement. @throws GrpcStatusError as `putProfile` */
export async function putTable(
  context: CoordinatorContext,
  ddl: string,
  expectedRevision: number,
): Promise<TableOutcome> {
  const { tables, profiles, diagnostics } = readDefinitions(ddl);
  if (hasErrors(diagnostics)) return { record: null, changed: false, diagnostics };
  const [table] = tables;
  if (table === undefined || tables.length + profiles.length > 1)
    throw wrongArgument('one CREATE TABLE statement is expected', 'weir apply saves several at once');
  return saveTable(context, ddl, table, expectedRevision);
}

/** @param text in which the statement stands */
export async function saveTable(
  context: CoordinatorContext,
  text: string,
  statement: CreateTable,
  expectedRevision: number,
): Promise<TableOutcome> {
  const { connections, ports } = context;
  const name = formatName(statement.name);
  if (!isConnectionName(name)) throw badName(name, 'saved table');
  const ddl = text.slice(statement.span.start, statement.span.end);
  const there = await connections.tables.get(name);
  if (there?.deleting === true)
    throw wrongState(`the table '${there.name}' is being removed`, 'try again in a moment');
  if (expectedRevision === 0 && there !== undefined)
    return sameTable(context, there, ddl, statement.ifNotExists);
  if (expectedRevision !== 0 && there === undefined) throw noSuchConnection('tables', name);
  const id = there?.id ?? ports.rng.id(16);
  const secrets = new TextSecrets(connections.vault, id, (connector) => secretNames(context, connector));
  try {
    const outcome = await compileAndSave(
      context,
      { name, id, ddl, statement, expectedRevision, there },
      secrets,
    );
    if (outcome.record === null) await secrets.forget();
    if (outcome.record === null || outcome.record.id === id) return outcome;
    await secrets.forget();
    return await sameTable(context, outcome.record, ddl, statement.ifNotExists);
  } catch (error) {
    await secrets.forget();
    throw error;
  }
}

interface NewTable {
  readonly name: string;
  readonly id: string;
  readonly ddl: string;
  readonly statement: CreateTable;
  readonly expectedRevision: number;
  readonly there: TableRecord | undefined;
}

/** The record may be another's that was faster. Secrets of earlier revisions stay: pipelines have copied what refers to them. */
async function compileAndSave(
  context: CoordinatorContext,
  { name, id, ddl, statement, expectedRevision, there }: NewTable,
  secrets: TextSecrets,
): Promise<TableOutcome> {
  const { connections, ports, compiler } = context;
  const catalog = compiler.tables?.(secrets);
  if (catalog === undefined) throw wrongState('no tables can be saved here', 'ask a controller of a cluster');
  const diagnostics: Diagnostic[] = [];
  const defined = await defineTable(statement, catalog, (diagnostic) => diagnostics.push(diagnostic));
  if (defined === null || hasErrors(diagnostics)) return { record: null, changed: false, diagnostics };
  const { access, columns, pinned, notes } = defined;
  const draft = {
    formatVersion: 1,
    name,
    id,
    revision: expectedRevision + 1,
    connector: access.connector,
    profile: await profileOf(context, access.connection.profile),
    options: savedOptions(access.options),
    ddl: secrets.inText(ddl),
    columns,
    pinned,
    notes,
    createdAtMs: there?.createdAtMs ?? ports.clock.nowMs(),
    updatedAtMs: ports.clock.nowMs(),
  } as const satisfies TableRecord;
  const record =
    there === undefined ? (await connections.tables.create(draft)).record : await edit(context, draft);
  if (record.id === id) await profileStays(context, record, there);
  return { record, changed: true, diagnostics };
}

async function profileOf(
  { connections }: CoordinatorContext,
  name: string | null,
): Promise<TableRecord['profile']> {
  if (name === null) return null;
  const record = await connections.profiles.get(name);
  if (record === undefined) throw noSuchConnection('profiles', name);
  return { name: record.name, id: record.id };
}

/** A profile that is removed at the same time sees the table, or is seen here: then the table is taken back. */
async function profileStays(
  context: CoordinatorContext,
  { name, id, profile }: TableRecord,
  before: TableRecord | undefined,
): Promise<void> {
  try {
    await checkUsesStay(context, { profiles: profile === null ? [] : [profile], tables: [] });
  } catch (error) {
    const { tables } = context.connections;
    if (before === undefined) await tables.remove(name, id);
    else await tables.update(name, (record) => ({ ...before, revision: record.revision + 1 }));
    throw error;
  }
}

/** Texts are compared as they were written, secrets with them. */
async function sameTable(
  context: CoordinatorContext,
  there: TableRecord,
  ddl: string,
  ifNotExists: boolean,
): Promise<TableOutcome> {
  const known = new Map<string, string>();
  for (const value of Object.values(there.options))
    if ('secret' in value)
      known.set(`{{secret:${value.secret}}}`, await context.connections.vault.read(value.secret));
  const now = redactSql(
    ddl,
    (connector) => secretNames(context, connector),
    (_, secret) => {
      for (const [reference, text] of known) if (text === secret) return reference;
      return 'another';
    },
  );
  if (now === there.ddl) return { record: there, changed: false, diagnostics: [] };
  const hint = ifNotExists
    ? 'IF NOT EXISTS makes no difference: what is saved must be what the text says'
    : 'take another name, or give its revision: weir table edit';
  throw nameTaken(`a table '${there.name}' is saved already, with another text`, hint);
}

async function edit({ connections }: CoordinatorContext, draft: TableRecord): Promise<TableRecord> {
  const expected = draft.revision - 1;
  const record = await connections.tables.update(draft.name, (before) => {
    if (before.deleting === true) throw wrongState(`the table '${draft.name}' is being removed`, '');
    if (before.revision === draft.revision && before.ddl === draft.ddl) return undefined;
    if (before.revision !== expected) {
      throw changedMeanwhile(`the table '${draft.name}' is at revision ${before.revision}, not ${expected}`);
    }
    return draft;
  });
  if (record === undefined) throw noSuchConnection('tables', draft.name);
  return record;
}
