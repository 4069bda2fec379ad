import type { Field } from '@weir/columnar/sql-type.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { TableAccess } from '@weir/plan/table-spec.ts';
import type { CreateTable } from './ast/create-table.ts';
import { profileOf } from './bind/check-profiles.ts';
import { declareTables } from './bind/tables/declare-tables.ts';
import type { ConnectorCatalog, ProfileDefinition } from './catalog/connector-catalog.ts';
import { diagnose, type Diagnostic, hasErrors } from './diagnostics/diagnostic.ts';
import type { Span } from './lex/span.ts';
import { parseSql } from './parse/parse-sql.ts';
import { isMemoryTable } from './bind/tables/table-definition.ts';

/** A text that runs nothing: what it defines is saved, for pipelines to use. */
export interface Definitions {
  readonly profiles: readonly DefinedProfile[];
  readonly tables: readonly CreateTable[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface DefinedProfile extends ProfileDefinition {
  readonly span: Span;
  /** Where each option stands. */
  readonly optionSpans: ReadonlyMap<string, Span>;
}

/** A table as it is saved. */
export interface DefinedTable {
  readonly access: TableAccess;
  /** Fields of its values; none: it takes those of the query that is written to it. */
  readonly columns: readonly Field[];
  readonly pinned: PinnedFormats;
  readonly notes: readonly string[];
}

/** Never throws for what a text may hold. Statements other than definitions are errors. */
export function readDefinitions(text: string): Definitions {
  const { statements, diagnostics: syntax } = parseSql(text);
  const diagnostics: Diagnostic[] = [...syntax];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const profiles: DefinedProfile[] = [];
  const tables: CreateTable[] = [];
  for (const statement of statements) {
    if (statement.kind === 'create_connection_profile') {
      const optionSpans = new Map(statement.options.map(({ key, span }) => [key, span]));
      profiles.push({ ...profileOf(statement, report), span: statement.name.span, optionSpans });
    } else if (statement.kind === 'create_table' && isSavable(statement)) {
      tables.push(statement);
    } else {
      const hint = 'give the pipeline a name: weir apply FILE.sql --name N';
      const what = statement.kind === 'create_table' ? 'this table' : 'this statement';
      report(
        diagnose('nothingToRun', statement.span, `${what} belongs to a pipeline: it can't be saved`, hint),
      );
    }
  }
  if (profiles.length + tables.length === 0 && !hasErrors(diagnostics)) {
    const hint = 'write CREATE CONNECTION PROFILE or CREATE TABLE';
    report(
      diagnose('nothingToRun', { start: 0, end: Math.min(text.length, 1) }, 'there is nothing to save', hint),
    );
  }
  return { profiles, tables, diagnostics };
}

/** Of a connector, and not filled by a query of its own. */
function isSavable(statement: CreateTable): boolean {
  return !isMemoryTable(statement) && statement.query === null && !statement.temporary;
}

/** Null when it has errors. */
export async function defineTable(
  statement: CreateTable,
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
): Promise<DefinedTable | null> {
  const isSource = statement.options.some(({ key, value }) => key === 'type' && value.text === 'source');
  const [table] = await declareTables([statement], catalog, report, isSource ? [statement.name] : []);
  if (table?.kind !== 'connector') return null;
  // Columns that a connector dictates are asked for each time: they come with their event time.
  const dictated = statement.columns.length === 0 && table.fixedEventTime !== null;
  const physical = (dictated ? [] : (table.columns ?? [])).filter(({ kind }) => kind === 'physical');
  const { access, pinned, notes } = table;
  return { access, columns: physical.map(({ field }) => field), pinned, notes };
}
