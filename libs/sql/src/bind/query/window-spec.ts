import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import type { Argument, CallExpr, Expr } from '../../ast/query.ts';
import { formatName } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { bindExpression } from '../expression/bind-expression.ts';

/** A window function by its name, or undefined. */
export function windowKind(call: CallExpr): 'tumble' | 'hop' | 'session' | 'cumulate' | undefined {
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

/** Window sizes as written, for a spec. `arguments` are slide and size for hop, size for tumble; then perhaps an offset. */
export function windowSpec(kind: 'tumble' | 'hop', sizes: readonly Expr[], span: Span): WindowSpec {
  const expected = kind === 'tumble' ? 'a size' : 'a slide and a size';
  const least = kind === 'tumble' ? 1 : 2;
  if (sizes.length < least || sizes.length > least + 1) {
    const example =
      kind === 'tumble' ? "tumble(INTERVAL '1 minute')" : "hop(INTERVAL '10 seconds', INTERVAL '1 minute')";
    fail('badWindow', span, `${kind}() takes ${expected}, and perhaps an offset`, `for example ${example}`);
  }
  const offsetExpr = sizes[least];
  const offset = offsetExpr === undefined ? 0 : constantInterval(offsetExpr, 'the offset of a window');
  const sizeExpr = sizes[least - 1];
  const sizeMicros = sizeExpr === undefined ? 0 : positive(sizeExpr, 'the size of a window');
  if (kind === 'tumble') return { kind, sizeMicros, offsetMicros: modulo(offset, sizeMicros) };
  const slideExpr = sizes[0];
  const slideMicros = slideExpr === undefined ? 0 : positive(slideExpr, 'the slide of a window');
  if (slideMicros > sizeMicros) {
    const hint = 'hop(slide, size): the slide comes first and is at most the size';
    fail('badWindow', span, 'the slide is longer than the window', hint);
  }
  const windows = Math.ceil(sizeMicros / slideMicros);
  if (windows > mostWindows) {
    const least = Math.ceil(sizeMicros / mostWindows / 1000);
    const hint = `take a slide of INTERVAL '${least}' MILLISECOND at least, or a shorter window`;
    fail('badWindow', span, `every row would lie in ${windows} windows, ${mostWindows} are the limit`, hint);
  }
  return { kind, sizeMicros, slideMicros, offsetMicros: modulo(offset, slideMicros) };
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

export function refuseWindow(kind: 'session' | 'cumulate', span: Span): never {
  return fail('notPlanned', span, `${kind}() windows are not supported yet`, 'tumble() and hop() are');
}
