import type { ErrorCode } from '@weir/kernel/errors.ts';
import type { Span } from '../lex/span.ts';
import { diagnosticCodes, type DiagnosticName } from './codes.ts';

export type Severity = 'error' | 'warning';

/** What the compiler has to say about a place in the text. Plain data: it travels over gRPC and into editors. */
export interface Diagnostic {
  readonly code: ErrorCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** What to do about it, if there is something to say. */
  readonly hint?: string;
}

export function diagnose(
  name: DiagnosticName,
  span: Span,
  message: string,
  hint?: string,
  severity: Severity = 'error',
): Diagnostic {
  const base = { code: diagnosticCodes[name], severity, message, span: { start: span.start, end: span.end } };
  return hint === undefined ? base : { ...base, hint };
}

/** Leaves the statement (parser) or the expression (binder) that it stands in; never leaves the library. */
export class DiagnosticFailure extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

export function fail(name: DiagnosticName, span: Span, message: string, hint?: string): never {
  throw new DiagnosticFailure(diagnose(name, span, message, hint));
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
