import type { SortKey } from '../ast/query.ts';
import type { Parser } from './parser.ts';

/** `ORDER BY e [ASC | DESC] [NULLS FIRST | LAST], …` */
export function parseSortKeys(parser: Parser): SortKey[] {
  parser.expect('ORDER');
  parser.expect('BY');
  return parser.list(() => {
    if (parser.at('ALL')) parser.notPlanned(parser.peek(), 'ORDER BY ALL', 'name the columns');
    const value = parser.rules.expression(parser);
    if (parser.at('USING')) parser.notPlanned(parser.peek(), 'ORDER BY … USING', 'write ASC or DESC');
    const descending = parser.accept('DESC');
    if (!descending) parser.accept('ASC');
    let nullsFirst: boolean | null = null;
    if (parser.accept('NULLS', 'FIRST')) nullsFirst = true;
    else if (parser.accept('NULLS', 'LAST')) nullsFirst = false;
    return { value, descending, nullsFirst, span: parser.spanSince(value.span) };
  });
}
