import type { ConnectorCatalog } from '@weir/sql/catalog/connector-catalog.ts';
import type { TextSecrets } from '../connections/text-secrets.ts';
import type { TableUsed } from '@weir/sql/bind/tables/table-definition.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';

/** What the compiler says about a place in the text. Offsets in UTF-16 units, end exclusive; line and column from 1. */
export interface CompileDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

export interface Compiled {
  /** There are no errors. */
  readonly valid: boolean;
  /** Null when there are errors, or the text only asks (EXPLAIN, DESCRIBE, SHOW). */
  readonly plan: PhysicalPlan | null;
  /** EXPLAIN's text of the plan, or the answers to what the text asks. */
  readonly explain: string;
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Saved tables that the text names. Left out: none. */
  readonly savedTables?: readonly TableUsed[];
}

/** From text to plan, with the connectors' options validated. @throws WeirError (retry) when the schema service can't be reached */
export interface PipelineCompiler {
  /** @param secrets what becomes of secrets that stand in the text; left out: they stay where they are, and nothing may be stored of it */
  compile(sql: string, secrets?: TextSecrets): Promise<Compiled>;
  /** What answers questions about tables that are saved, as those of a pipeline's text. Left out: no tables can be saved. */
  tables?(secrets: TextSecrets): ConnectorCatalog;
}
