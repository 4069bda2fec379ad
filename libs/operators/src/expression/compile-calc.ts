import { indexCode } from '@weir/kernel/code-number.ts';
import { physicalKind } from '@weir/columnar/column.ts';
import type { Column } from '@weir/columnar/column.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { ExpressionCompiler } from './compile-expression.ts';
import { GeneratedCode } from './generated-code.ts';
import { InputColumns } from './input-columns.ts';
import { columnPath } from './nested-expression.ts';
import type { OutputColumn } from './output-column.ts';
import type { BytesValue, Mode, Value } from './value.ts';

/** What becomes of one projection: a column of the input as it is, or one that generated code writes. */
export type Projection =
  | { readonly kind: 'path'; readonly path: readonly number[] }
  | { readonly kind: 'computed'; readonly output: OutputColumn; readonly expression: Expression };

/**
 * Evaluates the rows 0 .. n of the columns: writes the numbers of those that pass into `selection`, and their computed columns.
 * Returns how many passed, or -1 when the fast form cannot hold the numbers.
 */
export type CalcFunction = (
  columns: readonly Column[],
  rowCount: number,
  outputs: readonly OutputColumn[],
  selection: Int32Array,
) => number;

export interface CompiledCalc {
  readonly run: CalcFunction;
  readonly exactPaths: readonly (readonly number[])[];
}

/** Compiles filter and computed projections to one function. Throws NeedsExact when a constant has no fast form. */
export function compileCalc(
  mode: Mode,
  condition: Expression | null,
  projections: readonly Projection[],
  schema: Schema,
): CompiledCalc {
  const code = new GeneratedCode();
  const inputs = new InputColumns();
  const compiler = new ExpressionCompiler(mode, code, inputs, schema);
  const bindings: string[] = [];
  const { text } = code.capture(() => {
    if (condition !== null) {
      const test = compiler.compile(condition);
      assert(test.kind === 'bool', 'a condition is BOOLEAN');
      code.line(`if (${test.isNull === 'false' ? '' : `${test.isNull} || `}!${test.code}) continue;`);
    }
    let index = 0;
    for (const projection of projections) {
      if (projection.kind === 'path') continue;
      bindings.push(`const o${index} = outputs[${indexCode(index)}];`);
      writeOutput(compiler, `o${index}`, projection.output, projection.expression, bindings);
      index += 1;
    }
  });
  const body = [
    inputs.preamble(),
    ...bindings,
    'let k = 0;',
    'for (let i = 0; i < rowCount; i++) {',
    text,
    'selection[k] = i; k++;',
    '}',
    'return k;',
  ].join('\n');
  const run = code.compile(['columns', 'rowCount', 'outputs', 'selection'], body) as CalcFunction;
  return { run, exactPaths: inputs.exactPaths() };
}

function writeOutput(
  compiler: ExpressionCompiler,
  name: string,
  output: OutputColumn,
  expression: Expression,
  bindings: string[],
): void {
  const { code } = compiler;
  bindings.push(`const ${name}n = ${name}.nulls, ${name}v = ${name}.values, ${name}b = ${name}.big;`);
  const value = compiler.compile(expression);
  if (value.isNull === 'false') code.line(`${name}n[k] = 0;`);
  else code.line(`if (${value.isNull}) { ${name}n[k] = 1; ${name}.anyNull = true; } else ${name}n[k] = 0;`);
  switch (value.kind) {
    case 'bool':
      code.line(`${name}v[k] = ${value.code} ? 1 : 0;`);
      return;
    case 'float':
      code.line(`${name}v[k] = ${value.code};`);
      return;
    case 'int':
      code.line(`${name}${compiler.mode === 'exact' ? 'b' : 'v'}[k] = ${value.code};`);
      return;
    case 'bytes':
      writeBytes(code, name, expression, value);
      return;
    default:
      writeStruct(compiler, name, output, expression, value, bindings);
  }
}

function writeBytes(code: GeneratedCode, name: string, expression: Expression, value: BytesValue): void {
  const { slice, whole } = value;
  let put: string;
  if (slice !== null) put = `${name}.putSlice(k, ${slice.data}, ${slice.start}, ${slice.end});`;
  else put = `${name}.${expression.type.kind === 'bytes' ? 'putBytes' : 'putText'}(k, ${whole});`;
  code.line(value.isNull === 'false' ? put : `if (${value.isNull}) ${name}.putEmpty(k); else ${put}`);
}

function writeStruct(
  compiler: ExpressionCompiler,
  name: string,
  output: OutputColumn,
  expression: Expression,
  value: Value,
  bindings: string[],
): void {
  const type = expression.type;
  if (type.kind !== 'struct') {
    throw new WeirError(
      'WEIR-2305',
      `${compiler.describe(expression)}: lists and maps can only be passed on as they are`,
    );
  }
  const { code } = compiler;
  const guarded = value.isNull !== 'false';
  type.fields.forEach((field, index) => {
    const child = present(output.children[index], 'output of a struct field');
    if (physicalKind(field.type) === 'list' || physicalKind(field.type) === 'map') {
      throw new WeirError(
        'WEIR-2305',
        `${compiler.describe(expression)}: a list or map inside a made struct`,
      );
    }
    bindings.push(`const ${name}_${index} = ${name}.children[${indexCode(index)}];`);
    const access: Expression = {
      kind: 'field',
      argument: expression,
      index,
      type: field.type,
      nullable: true,
    };
    if (guarded) code.line(`if (!${value.isNull}) {`);
    writeOutput(compiler, `${name}_${index}`, child, access, bindings);
    if (guarded) code.line(`} else { ${name}_${index}n[k] = 1; ${name}_${index}b[k] = 0n; }`);
  });
}

/** `column` and `column.field` are passed on; all else is computed. */
export function pathOf(expression: Expression): readonly number[] | null {
  return columnPath(expression);
}
