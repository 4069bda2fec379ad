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
}

/** From text to plan, with the connectors' options validated. @throws WeirError (retry) when the schema service can't be reached */
export interface PipelineCompiler {
  compile(sql: string): Promise<Compiled>;
}
