import type { CreateConnectionProfile } from '../../ast/create-other.ts';
import type { CreateTable } from '../../ast/create-table.ts';
import { diagnose, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';

export interface TableOptions {
  readonly connector: string;
  readonly connectorSpan: Span;
  /** Without `connector`. */
  readonly options: Readonly<Record<string, string>>;
  /** Where each option stands: key and value. */
  readonly spans: ReadonlyMap<string, Span>;
}

type HasOptions = CreateTable | CreateConnectionProfile;

/** The WITH options of a connector table or profile. One that is given twice is reported; the first counts. */
export function optionsOf(statement: HasOptions, report: (diagnostic: Diagnostic) => void): TableOptions {
  const options: Record<string, string> = {};
  const spans = new Map<string, Span>();
  for (const { key, value, span, keySpan } of statement.options) {
    if (spans.has(key)) {
      report(diagnose('repeatedOption', keySpan, `the option '${key}' is given twice`));
      continue;
    }
    options[key] = value.text;
    spans.set(key, span);
  }
  const { connector = '', ...others } = options;
  return { connector, connectorSpan: spans.get('connector') ?? statement.name.span, options: others, spans };
}
