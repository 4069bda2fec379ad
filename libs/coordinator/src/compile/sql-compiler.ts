import type { ConnectorCatalog } from '@weir/sql/catalog/connector-catalog.ts';
import { compileSql } from '@weir/sql/compile-sql.ts';
import { hasErrors, type Diagnostic } from '@weir/sql/diagnostics/diagnostic.ts';
import { positionOf } from '@weir/sql/diagnostics/render-diagnostic.ts';
import { explainPlan } from '@weir/sql/explain/explain-plan.ts';
import { underSecretRules } from './secret-rules.ts';
import type { CompileDiagnostic, PipelineCompiler } from './pipeline-compiler.ts';

/** libs/sql with the connectors as `connectors` knows them: schema-service over gRPC, or the process's own. */
export function sqlCompiler(connectors: ConnectorCatalog): PipelineCompiler {
  return {
    tables: (secrets) => underSecretRules(connectors, secrets),
    async compile(sql, secrets) {
      const { plan, diagnostics, answers, saved } = await compileSql(sql, {
        connectors: underSecretRules(connectors, secrets ?? null),
      });
      const asked = answers.map((answer) => answer.text).join('\n');
      return {
        valid: !hasErrors(diagnostics),
        plan,
        explain: plan === null ? asked : explainPlan(plan, false),
        diagnostics: diagnostics.map((diagnostic) => placedIn(sql, diagnostic)),
        savedTables: saved,
      };
    },
  };
}

/** With line and column. */
export function placedIn(
  sql: string,
  { code, severity, message, span, hint }: Diagnostic,
): CompileDiagnostic {
  const { line, column } = positionOf(sql, span.start);
  return { code, severity, message, hint: hint ?? '', start: span.start, end: span.end, line, column };
}
