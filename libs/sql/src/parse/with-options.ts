import type { OptionValue, WithOption } from '../ast/with-options.ts';
import type { Parser } from './parser.ts';

/** `WITH (key = value, …)`; nothing if there is no WITH. A trailing comma is forgiven. */
export function parseWithOptions(parser: Parser): WithOption[] {
  if (!parser.at('WITH', '(')) return [];
  parser.accept('WITH', '(');
  const options: WithOption[] = [];
  while (!parser.at(')')) {
    options.push(parseOption(parser));
    if (!parser.accept(',')) break;
  }
  parser.expect(')');
  return options;
}

function parseOption(parser: Parser): WithOption {
  const start = parser.peek();
  const key = parseOptionKey(parser);
  const keySpan = parser.spanSince(start);
  parser.expect('=', "options are written 'key' = 'value'");
  const value = parseOptionValue(parser);
  return { key, keySpan, value, span: parser.spanSince(start) };
}

/** `'source.offset'`, `source.offset`, `"source.offset"`. */
export function parseOptionKey(parser: Parser): string {
  const token = parser.peek();
  if (token.kind === 'string') return parser.string('the name of an option');
  let key = parser.label('the name of an option').name;
  while (parser.at('.') || parser.at('-')) {
    key += parser.next().value;
    key += parser.label('the name of an option').name;
  }
  return key;
}

/** A string, a number, TRUE, FALSE, a word, or INTERVAL '…', as text. */
export function parseOptionValue(parser: Parser): OptionValue {
  const start = parser.peek();
  const sign = parser.accept('-') ? '-' : '';
  const token = parser.peek();
  if (token.keyword === '[') {
    parser.notPlanned(token, 'a list of values in brackets', "write one text in quotes: 'a, b'");
  }
  if (token.keyword === 'INTERVAL' && sign === '') {
    const interval = parser.rules.expression(parser);
    if (interval.kind === 'interval') {
      const unit = interval.unit === null ? '' : ` ${interval.unit.from}`;
      return { text: `${interval.text}${unit}`.toLowerCase(), span: interval.span };
    }
    return parser.unexpected("an interval such as INTERVAL '10' SECOND");
  }
  if (token.kind !== 'string' && token.kind !== 'number' && token.kind !== 'word') {
    parser.unexpected("a value in quotes, such as 'earliest'");
  }
  parser.next();
  const text =
    token.kind === 'word' && /^(?:TRUE|FALSE)$/.test(token.keyword) ? token.value.toLowerCase() : token.value;
  return { text: sign + text, span: parser.spanSince(start) };
}
