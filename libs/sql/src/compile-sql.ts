import { formatType } from '@weir/columnar/sql-type.ts';
import { checkPlan } from '@weir/plan/check-plan.ts';
import type { PhysicalPlan, PlanSettings } from '@weir/plan/physical-plan.ts';
import { formatName } from './ast/identifier.ts';
import type { SessionStatement, Statement } from './ast/statement.ts';
import { checkUses } from './bind/check-uses.ts';
import { bindStatements, tooDeep } from './bind/bind-statements.ts';
import { Abandoned } from './bind/query/query-place.ts';
import { readPipelineSettings } from './bind/pipeline-settings.ts';
import { checkProfiles } from './bind/check-profiles.ts';
import { declareSavedTables } from './bind/tables/declare-saved-tables.ts';
import { declareTables } from './bind/tables/declare-tables.ts';
import type { TableDefinition, TableUsed } from './bind/tables/table-definition.ts';
import type { TableScope } from './bind/tables/table-scope.ts';
import type { ConnectorCatalog } from './catalog/connector-catalog.ts';
import { diagnose, type Diagnostic, DiagnosticFailure, fail, hasErrors } from './diagnostics/diagnostic.ts';
import { explainPlan } from './explain/explain-plan.ts';
import type { LogicalNode, LogicalSink, ScanNode } from './logical/nodes.ts';
import { warnOfRecordTime } from './logical/record-time.ts';
import type { UnreadNames } from './parse/unread-names.ts';
import { parseSql } from './parse/parse-sql.ts';
import { planStages } from './physical/plan-stages.ts';
import { inputsOf, nodesInOrder } from './rewrite/graph.ts';
import { rewritePlan } from './rewrite/rewrite-plan.ts';

export interface CompileOptions {
  readonly connectors: ConnectorCatalog;
}

/** What came of a text. Without errors there is a plan, or there was nothing to run but questions, whose answers are here. */
export interface Compilation {
  /** In the order of the text; errors and warnings. */
  readonly diagnostics: readonly Diagnostic[];
  /** null: errors, or nothing to run (only EXPLAIN, DESCRIBE, SHOW). */
  readonly plan: PhysicalPlan | null;
  readonly settings: PlanSettings;
  /** What EXPLAIN, DESCRIBE and SHOW say, in the order of the text. */
  readonly answers: readonly Answer[];
  /** Saved tables that the text names. */
  readonly saved: readonly TableUsed[];
}

export interface Answer {
  readonly statement: 'explain' | 'describe' | 'show';
  readonly text: string;
}

/**
 * Compiles a text of statements into one pipeline. Never throws for what a text may hold: that is told by diagnostics. Rejects only if the
 * catalog does (a schema-service that is away).
 */
export async function compileSql(text: string, options: CompileOptions): Promise<Compilation> {
  const parsed = parseSql(text);
  const diagnostics: Diagnostic[] = [...parsed.diagnostics];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const statements = parsed.statements.map(innerStatement);
  const settings = readPipelineSettings(
    statements.filter((statement) => statement.kind === 'set'),
    report,
  );
  refuseFunctions(statements, report);
  await checkProfiles(statements, options.connectors, report);
  const own = await declareTables(statements, options.connectors, report);
  const saved = await declareSavedTables(statements, parsed.unread, options.connectors, report);
  const tables = [...own, ...saved];
  const { plan, scope } = await bindAndPlan(
    statements,
    parsed.unread,
    tables,
    settings,
    options.connectors,
    report,
  );
  const answers = answersTo(parsed.statements, tables, plan, scope, report);
  const explained = parsed.statements.some((statement) => statement.kind === 'explain');
  const asked = answers.length > 0;
  if (plan === null && !asked && !hasErrors(diagnostics)) {
    const span = { start: 0, end: Math.min(text.length, 1) };
    report(
      diagnose('nothingToRun', span, 'there is nothing to run', 'write INSERT INTO … SELECT …, or SELECT …'),
    );
  }
  return {
    diagnostics: sorted(diagnostics),
    plan: hasErrors(diagnostics) || explained ? null : plan,
    settings,
    answers,
    saved: saved.map((table) => table.saved),
  };
}

/** An explained statement is compiled with the others, so that its tables are there. */
function innerStatement(statement: Statement): Statement {
  return statement.kind === 'explain' ? innerStatement(statement.statement) : statement;
}

function sorted(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const unique = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  return [...unique.values()].toSorted((a, b) => a.span.start - b.span.start);
}

function refuseFunctions(statements: readonly Statement[], report: (diagnostic: Diagnostic) => void): void {
  for (const statement of statements) {
    if (statement.kind === 'create_function') {
      report(diagnose('notPlanned', statement.name.span, 'CREATE FUNCTION is not supported yet'));
    }
  }
}

async function bindAndPlan(
  statements: readonly Statement[],
  unread: UnreadNames,
  tables: readonly TableDefinition[],
  settings: PlanSettings,
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
): Promise<{ plan: PhysicalPlan | null; scope: TableScope }> {
  let failed = false;
  const note = (diagnostic: Diagnostic): void => {
    failed ||= diagnostic.severity === 'error';
    report(diagnostic);
  };
  const { sinks, scope } = bindStatements(statements, unread, tables, note);
  const checked = failed ? sinks : await checkUses(sinks, catalog, note);
  if (failed || sinks.length === 0) return { plan: null, scope };
  return { plan: planSinks(checked, settings, report), scope };
}

function planSinks(
  sinks: readonly LogicalSink[],
  settings: PlanSettings,
  report: (diagnostic: Diagnostic) => void,
): PhysicalPlan | null {
  try {
    let refused = false;
    const rewritten = rewritePlan(sinks);
    warnOfRecordTime(nodesInOrder(rewritten), scanBelow, report);
    const plan = planStages(rewritten, settings, (diagnostic) => {
      refused = true;
      report(diagnostic);
    });
    if (refused) return null;
    checkPlan(plan);
    return plan;
  } catch (error) {
    if (error instanceof DiagnosticFailure) report(error.diagnostic);
    else if (error instanceof RangeError) report(tooDeep({ start: 0, end: 0 }));
    else throw error;
    return null;
  }
}

function scanBelow(node: LogicalNode): ScanNode | undefined {
  if (node.kind === 'scan') return node;
  const [input] = inputsOf(node);
  return input === undefined ? undefined : scanBelow(input);
}

function answersTo(
  statements: readonly Statement[],
  tables: readonly TableDefinition[],
  plan: PhysicalPlan | null,
  scope: TableScope,
  report: (diagnostic: Diagnostic) => void,
): Answer[] {
  return statements.flatMap((statement): Answer[] => {
    switch (statement.kind) {
      case 'explain':
        return plan === null ? [] : [{ statement: 'explain', text: explainPlan(plan, statement.verbose) }];
      case 'describe':
        return describe(statement, scope, report);
      case 'show':
        return [{ statement: 'show', text: showText(statement, tables) }];
      default:
        return [];
    }
  });
}

function describe(
  statement: Extract<SessionStatement, { kind: 'describe' }>,
  scope: TableScope,
  report: (diagnostic: Diagnostic) => void,
): Answer[] {
  try {
    const table = scope.find(statement.table, new Set());
    const columns =
      table.kind === 'connector' && table.columns !== null
        ? table.columns.map(({ field }) => field)
        : table.kind === 'connector'
          ? fail(
              'missingColumns',
              statement.table.span,
              `table '${table.name}' takes the columns of its query`,
            )
          : scope.place.table(statement.table).columns.filter((column) => column.hidden !== true);
    const lines = columns.map(
      ({ name, type, nullable }) => `${name} ${formatType(type)}${nullable ? '' : ' NOT NULL'}`,
    );
    const notes = table.kind === 'connector' ? table.notes.map((note) => `-- ${note}`) : [];
    const text = [...lines, ...notes].map((line) => `  ${line}\n`).join('');
    return [{ statement: 'describe', text: `${formatName(statement.table)}\n${text}` }];
  } catch (error) {
    if (error instanceof DiagnosticFailure) report(error.diagnostic);
    else if (!(error instanceof Abandoned)) throw error;
    return [];
  }
}

function showText(
  { what }: Extract<SessionStatement, { kind: 'show' }>,
  tables: readonly TableDefinition[],
): string {
  const isView = (table: TableDefinition): boolean => table.kind === 'query' && table.isView;
  const shown =
    what === 'tables'
      ? tables.filter((table) => !isView(table))
      : what === 'views'
        ? tables.filter(isView)
        : [];
  return `${shown.map(({ name }) => name).join('\n')}\n`;
}
