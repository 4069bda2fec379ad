import { init, parse } from '@guanmingchiu/sqlparser-ts';

/** Any JSON of the oracle's syntax tree: one key names the kind. */
type Tree = Readonly<Record<string, unknown>> | string;

const operators: Readonly<Record<string, string>> = {
  Plus: '+',
  Minus: '-',
  Multiply: '*',
  Divide: '/',
  Modulo: '%',
  StringConcat: '||',
  PGExp: '^',
  Eq: '=',
  NotEq: '<>',
  Lt: '<',
  LtEq: '<=',
  Gt: '>',
  GtEq: '>=',
  And: 'and',
  Or: 'or',
  Not: 'not',
  Arrow: '->',
  LongArrow: '->>',
};

export async function loadOracle(): Promise<void> {
  await init();
}

/** Does sqlparser-rs (PostgreSQL dialect) accept the text? */
export function oracleAccepts(text: string): boolean {
  try {
    parse(text, 'postgresql');
    return true;
  } catch {
    return false;
  }
}

/** The first item of a SELECT as sqlparser-rs groups it, in the form of expression-shape.ts; undefined if it refuses the text. */
export function oracleShape(expression: string): string | undefined {
  let statements: unknown;
  try {
    statements = parse(`SELECT ${expression}`, 'postgresql');
  } catch {
    return undefined;
  }
  const item = at(statements, 0, 'Query', 'body', 'Select', 'projection', 0, 'UnnamedExpr');
  return shape(item as Tree);
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

function shape(tree: Tree): string {
  if (typeof tree === 'string') return tree.toLowerCase();
  const [[kind, content] = ['', '']] = Object.entries(tree);
  const part = (key: string): string => shape(at(content, key) as Tree);
  const parts = (key: string): string[] => (at(content, key) as Tree[]).map(shape);
  const not = at(content, 'negated') === true ? 'not ' : '';
  switch (kind) {
    case 'Nested':
      return shape(content as Tree);
    case 'Identifier':
      return String(at(content, 'value'));
    case 'CompoundIdentifier':
      return (content as { value: string }[]).map(({ value }) => value).join('.');
    case 'Value':
      return valueShape(at(content, 'value') as Tree);
    case 'BinaryOp':
      return `(${part('left')} ${operators[String(at(content, 'op'))] ?? String(at(content, 'op'))} ${part('right')})`;
    case 'UnaryOp':
      return `(${operators[String(at(content, 'op'))] ?? String(at(content, 'op'))} ${part('expr')})`;
    case 'Between':
      return `(${part('expr')} ${not}between ${part('low')} ${part('high')})`;
    case 'InList':
      return `(${part('expr')} ${not}in ${parts('list').join(',')})`;
    case 'Like':
    case 'ILike':
      return `(${part('expr')} ${not}${kind.toLowerCase()} ${part('pattern')})`;
    case 'Cast':
      return `cast(${part('expr')} ${typeof at(content, 'data_type') === 'string' ? String(at(content, 'data_type')).toLowerCase() : '?'})`;
    case 'Case':
      return caseShape(content);
    case 'IsDistinctFrom':
    case 'IsNotDistinctFrom': {
      const [left, right] = content as Tree[];
      const negated = kind === 'IsNotDistinctFrom' ? 'not ' : '';
      return `(${shape(left ?? '')} is ${negated}distinct ${shape(right ?? '')})`;
    }
    default: {
      const is = /^Is(Not)?(Null|True|False|Unknown)$/.exec(kind);
      if (is !== null)
        return `(${shape(content as Tree)} is ${is[1] === undefined ? '' : 'not '}${is[2]?.toLowerCase()})`;
      return kind;
    }
  }
}

function valueShape(value: Tree): string {
  if (value === 'Null') return 'null';
  const [[kind, content] = ['', '']] = Object.entries(value);
  if (kind === 'Number') return String((content as unknown[])[0]);
  return kind === 'Boolean' ? String(content) : `'${String(content)}'`;
}

function caseShape(content: unknown): string {
  const operand = at(content, 'operand') as Tree | undefined;
  const otherwise = at(content, 'else_result') as Tree | undefined;
  const conditions = at(content, 'conditions') as { condition: Tree; result: Tree }[];
  const branches = conditions.map(({ condition, result }) => `${shape(condition)}:${shape(result)}`);
  const all = [...(operand ? [shape(operand)] : []), ...branches, ...(otherwise ? [shape(otherwise)] : [])];
  return `case(${all.join(', ')})`;
}
