import type { FrameBound, WindowDefinition, WindowFrame } from '../ast/query.ts';
import { parseSortKeys } from './sort-key.ts';
import type { Parser } from './parser.ts';

/** `( [base] [PARTITION BY …] [ORDER BY …] [ROWS | RANGE | GROUPS …] )` */
export function parseWindowDefinition(parser: Parser): WindowDefinition {
  const start = parser.expect('(');
  const named = !parser.atAny([')', 'ORDER', 'ROWS', 'RANGE', 'GROUPS']) && !parser.at('PARTITION', 'BY');
  const base = named ? parser.identifier('a window') : null;
  const partitionBy = parser.accept('PARTITION', 'BY')
    ? parser.list(() => parser.rules.expression(parser))
    : [];
  const orderBy = parser.at('ORDER') ? parseSortKeys(parser) : [];
  const frame = parser.atAny(['ROWS', 'RANGE', 'GROUPS']) ? parseFrame(parser) : null;
  parser.expect(')');
  return { base, partitionBy, orderBy, frame, span: parser.spanSince(start) };
}

function parseFrame(parser: Parser): WindowFrame {
  const start = parser.next();
  const unit = start.keyword === 'ROWS' ? 'rows' : start.keyword === 'RANGE' ? 'range' : 'groups';
  if (!parser.accept('BETWEEN')) {
    const bound = parseBound(parser);
    refuseExclusion(parser);
    return { unit, start: bound, end: null, span: parser.spanSince(start) };
  }
  const from = parseBound(parser);
  parser.expect('AND');
  const to = parseBound(parser);
  refuseExclusion(parser);
  return { unit, start: from, end: to, span: parser.spanSince(start) };
}

/** `EXCLUDE NO OTHERS` is what holds anyway. */
function refuseExclusion(parser: Parser): void {
  if (parser.accept('EXCLUDE', 'NO', 'OTHERS') || !parser.at('EXCLUDE')) return;
  const what = `EXCLUDE ${parser.peek(1).keyword} of a window's frame`;
  parser.notPlanned(parser.peek(), what, 'write a frame that ends before the row');
}

function parseBound(parser: Parser): FrameBound {
  const start = parser.peek();
  const finish = (kind: FrameBound['kind'], offset: FrameBound['offset']): FrameBound => ({
    kind,
    offset,
    span: parser.spanSince(start),
  });
  if (parser.accept('UNBOUNDED', 'PRECEDING')) return finish('unbounded_preceding', null);
  if (parser.accept('UNBOUNDED', 'FOLLOWING')) return finish('unbounded_following', null);
  if (parser.accept('CURRENT', 'ROW')) return finish('current_row', null);
  const offset = parser.rules.expression(parser);
  if (parser.accept('PRECEDING')) return finish('preceding', offset);
  if (parser.accept('FOLLOWING')) return finish('following', offset);
  return parser.unexpected('PRECEDING or FOLLOWING');
}
