import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import type { Argument, CallExpr, Expr } from '../../ast/query.ts';
import { formatName } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { bindExpression } from '../expression/bind-expression.ts';

export type WindowKind = WindowSpec['kind'];

/** A window function by its name, or undefined. */
export function windowKind(call: CallExpr): WindowKind | undefined {
  switch (formatName(call.name).toLowerCase()) {
    case 'tumble':
      return 'tumble';
    case 'hop':
    case 'slide':
      return 'hop';
    case 'session':
      return 'session';
    case 'cumulate':
      return 'cumulate';
    default:
      return undefined;
  }
}

const microsPerMilli = 1000;

/** Windows of a hop that a row may lie in: each costs a row of the result, and a merge of the whole window. */
const mostWindows = 20_000;

/** A constant INTERVAL of microseconds. */
function constantInterval(expr: Expr, what: string): number {
  const value = bindExpression(expr, {
    resolve: (name) => fail('badWindow', name.span, `${what} must be constant`),
  });
  const { type } = value;
  if (type.kind !== 'interval') {
    fail(
      'badWindow',
      expr.span,
      `${what} must be an interval`,
      "write INTERVAL '10' SECOND or INTERVAL '1 minute'",
    );
  }
  if (type.unit !== 'micros') {
    fail(
      'badWindow',
      expr.span,
      `${what} can't be in months or years, whose lengths differ`,
      'write days or less',
    );
  }
  const micros = value.kind === 'literal' && value.value !== null ? Number(value.value) : Number.NaN;
  if (!Number.isSafeInteger(micros)) fail('badWindow', expr.span, `${what} must be constant`);
  return micros;
}

const shapes = {
  tumble: { sizes: ['size'], example: "tumble(INTERVAL '1 minute')" },
  hop: { sizes: ['slide', 'size'], example: "hop(INTERVAL '10 seconds', INTERVAL '1 minute')" },
  cumulate: { sizes: ['step', 'size'], example: "cumulate(INTERVAL '10 minutes', INTERVAL '1 hour')" },
  session: { sizes: ['gap'], example: "session(INTERVAL '1 minute')" },
} as const;

/** Window sizes as written, for a spec: slide (step) and size for hop (cumulate), size for tumble, the gap for session; then perhaps an offset. */
export function windowSpec(kind: WindowKind, sizes: readonly Expr[], span: Span): WindowSpec {
  const { sizes: names, example } = shapes[kind];
  const least = names.length;
  if (sizes.length < least || sizes.length > least + (kind === 'session' ? 0 : 1)) {
    const what = names.map((name) => `a ${name}`).join(' and ');
    const offset = kind === 'session' ? '' : ', and perhaps an offset';
    fail('badWindow', span, `${kind}() takes ${what}${offset}`, `for example ${example}`);
  }
  const [first = 0, last = first] = sizes
    .slice(0, least)
    .map((expr, index) => positive(expr, `the ${names[index]} of a window`));
  if (kind === 'session') return { kind, gapMicros: first };
  const offsetExpr = sizes[least];
  const offset = offsetExpr === undefined ? 0 : constantInterval(offsetExpr, 'the offset of a window');
  if (kind === 'tumble') return { kind, sizeMicros: first, offsetMicros: modulo(offset, first) };
  if (first > last) {
    const hint = `${kind}(${names.join(', ')}): the ${names[0]} comes first and is at most the size`;
    fail('badWindow', span, `the ${names[0]} is longer than the window`, hint);
  }
  refuseTooMany(first, last, span, names[0]);
  if (kind === 'hop')
    return { kind, sizeMicros: last, slideMicros: first, offsetMicros: modulo(offset, first) };
  if (last % first !== 0) {
    const hint = 'the last of the windows that begin together is as long as the size says';
    fail('badWindow', span, 'the size of a cumulating window must be a multiple of its step', hint);
  }
  return { kind, sizeMicros: last, stepMicros: first, offsetMicros: modulo(offset, last) };
}

function refuseTooMany(slide: number, size: number, span: Span, what: string): void {
  const windows = Math.ceil(size / slide);
  if (windows <= mostWindows) return;
  const least = Math.ceil(size / mostWindows / 1000);
  const hint = `take a ${what} of INTERVAL '${least}' MILLISECOND at least, or a shorter window`;
  fail('badWindow', span, `every row would lie in ${windows} windows, ${mostWindows} are the limit`, hint);
}

function positive(expr: Expr, what: string): number {
  const micros = constantInterval(expr, what);
  if (micros <= 0) fail('badWindow', expr.span, `${what} must be more than nothing`);
  // Finer ones could not be numbered in the year 9999 (see WindowSlices in libs/operators).
  if (micros < microsPerMilli) fail('badWindow', expr.span, `${what} must be a millisecond at least`);
  return micros;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** The plain values among a call's arguments. */
export function plainArguments(call: CallExpr): Expr[] {
  return call.arguments.map((argument: Argument) => {
    if (argument.kind === 'value') return argument.value;
    return fail('badWindow', argument.span, `${formatName(call.name)}() in GROUP BY takes intervals only`);
  });
}
