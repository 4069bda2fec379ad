import { physicalKind, type Column } from '@weir/columnar/column.ts';
import { assert } from '@weir/kernel/assert.ts';
import { indexCode, indexesName } from '@weir/kernel/code-number.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { Compiler, Mode, Value } from './value.ts';

interface ColumnNames {
  readonly name: string;
  readonly path: readonly number[];
  readonly kind: Column['kind'];
}

/** The input columns (and fields of struct columns) that generated code reads: bound to locals once a batch. */
export class InputColumns {
  readonly #byPath = new Map<string, ColumnNames>();

  load(compiler: Compiler, path: readonly number[], expression: Expression): Value {
    const kind = physicalKind(expression.type);
    const { name } = this.#names(path, kind);
    const nulls = path.map((_, depth) => this.#nullsName(path.slice(0, depth + 1)));
    const isNull = expression.nullable || path.length > 1 ? this.#nullTest(compiler, nulls) : 'false';
    const { code } = compiler;
    switch (kind) {
      case 'bool':
        return { kind, code: code.local('v', `${name}v[i] === 1`), isNull };
      case 'float':
        return { kind, code: code.local('v', `${name}v[i]`), isNull };
      case 'int':
        return { kind, code: code.local('v', intLoad(compiler.mode, name, isNull)), isNull };
      case 'bytes':
        return {
          kind,
          slice: {
            data: `${name}d`,
            start: code.local('p', `${name}p[i]`),
            end: code.local('q', `${name}q[i]`),
          },
          whole: null,
          isNull,
        };
      default:
        return { kind: 'nested', isNull };
    }
  }

  #nullTest(compiler: Compiler, nulls: readonly string[]): string {
    const tests = nulls.map((name) => `(${name} !== null && ${name}[i] === 1)`);
    return compiler.code.local('n', tests.join(' || '));
  }

  #nullsName(path: readonly number[]): string {
    const key = indexesName(path);
    const known = this.#byPath.get(key);
    if (known === undefined) this.#byPath.set(key, { name: `c${key}`, path, kind: 'struct' });
    return `c${key}n`;
  }

  #names(path: readonly number[], kind: Column['kind']): ColumnNames {
    const key = indexesName(path);
    const names = { name: `c${key}`, path, kind };
    this.#byPath.set(key, names);
    return names;
  }

  /** Code that binds the locals, to stand before the loop. `columns` is the batch's array. */
  preamble(): string {
    return [...this.#byPath.values()].map((names) => bindings(names)).join('\n');
  }

  /** Paths of the exact-number columns: where one has `big`, the fast form does not apply. */
  exactPaths(): (readonly number[])[] {
    return [...this.#byPath.values()].flatMap(({ kind, path }) => (kind === 'int' ? [path] : []));
  }
}

function intLoad(mode: Mode, name: string, isNull: string): string {
  if (mode === 'fast') return `${name}v[i]`;
  const exact = `(${name}b !== null ? ${name}b[i] : BigInt(${name}v[i]))`;
  return isNull === 'false' ? exact : `${isNull} ? 0n : ${exact}`;
}

function bindings({ name, path, kind }: ColumnNames): string {
  const [first, ...fields] = path;
  assert(first !== undefined, 'a path has a column');
  const column = fields.reduce(
    (parent, field) => `${parent}.children[${indexCode(field)}]`,
    `columns[${indexCode(first)}]`,
  );
  const lines = [`const ${name} = ${column}; const ${name}n = ${name}.nulls;`];
  if (kind === 'bool' || kind === 'float' || kind === 'int') lines.push(`const ${name}v = ${name}.values;`);
  if (kind === 'int') lines.push(`const ${name}b = ${name}.big;`);
  if (kind === 'bytes') {
    lines.push(`const ${name}d = ${name}.data, ${name}p = ${name}.starts, ${name}q = ${name}.ends;`);
  }
  return lines.join(' ');
}

/** The column at a path of a batch's columns. */
export function columnAt(columns: readonly Column[], path: readonly number[]): Column {
  let column: Column | undefined = columns[path[0] ?? 0];
  for (const field of path.slice(1)) {
    assert(column?.kind === 'struct', 'a field is read from a struct');
    column = column.children[field];
  }
  assert(column !== undefined, 'the column is there');
  return column;
}
