import type { Expr, IntervalUnit } from '../ast/query.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Parser } from './parser.ts';

const units = [
  'YEAR',
  'QUARTER',
  'MONTH',
  'WEEK',
  'DAY',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
];

/** The singular of a unit's name, or undefined. */
export function intervalUnitName(word: string): string | undefined {
  const singular = word.endsWith('S') ? word.slice(0, -1) : word;
  return units.includes(singular) ? singular : undefined;
}

/** `INTERVAL [-] '10' SECOND(3)`, `INTERVAL '1 minute'`, `INTERVAL 10 SECOND`, `INTERVAL '1-2' YEAR TO MONTH`. */
export function parseInterval(parser: Parser): Expr | undefined {
  return parser.attempt((): Expr | undefined => {
    const start = parser.next();
    const sign = parser.at('-') || parser.at('+') ? parser.next().value : '';
    const token = parser.peek();
    if (token.kind !== 'string' && (token.kind !== 'number' || sign !== '')) {
      // `interval` may be the name of a column: `interval + 1`.
      return undefined;
    }
    parser.next();
    const unit = acceptUnit(parser);
    if (token.kind === 'number' && unit === null) {
      fail(
        'badInterval',
        parser.spanSince(start),
        'this interval has no unit',
        `write INTERVAL '${token.value}' SECOND, or INTERVAL '${token.value} seconds'`,
      );
    }
    const text = (sign === '-' ? '-' : '') + token.value;
    return { kind: 'interval', text, unit, span: parser.spanSince(start) };
  });
}

function acceptUnit(parser: Parser): IntervalUnit | null {
  const token = parser.peek();
  const from = token.kind === 'word' ? intervalUnitName(token.keyword) : undefined;
  if (from === undefined) return null;
  parser.next();
  skipPrecision(parser);
  let to: string | null = null;
  if (parser.at('TO')) {
    const target = intervalUnitName(parser.peek(1).keyword);
    if (target !== undefined) {
      parser.next();
      parser.next();
      skipPrecision(parser);
      to = target;
    }
  }
  return { from, to, span: parser.spanSince(token) };
}

function skipPrecision(parser: Parser): void {
  if (!parser.accept('(')) return;
  parser.list(() => parser.wholeNumber('a precision'));
  parser.expect(')');
}
