import type { Diagnostic } from '@weir/wire/gen/weir/v1/pipeline.ts';

export function diagnosticJson(diagnostic: Diagnostic): Record<string, unknown> {
  const { code, severity, message, hint, start, end, line, column } = diagnostic;
  return { code, severity, message, ...(hint === '' ? {} : { hint }), start, end, line, column };
}

/** `orders.sql:3:8: error WEIR-1203: message`, the line of the text, a caret below the place, the hint. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], sql: string, file: string): string[] {
  const text = sql.split('\n');
  return diagnostics.flatMap((diagnostic) => {
    const { code, severity, message, hint, line, column, start, end } = diagnostic;
    const source = text[line - 1] ?? '';
    const width = Math.max(1, Math.min(end - start, source.length - column + 1));
    return [
      `${file}:${line}:${column}: ${severity} ${code}: ${message}`,
      `  ${source}`,
      `  ${source.slice(0, column - 1).replace(/[^\t]/g, ' ')}${'^'.repeat(width)}`,
      ...(hint === '' ? [] : [`  hint: ${hint}`]),
    ];
  });
}
