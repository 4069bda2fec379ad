import type { Expression } from '@weir/plan/expression.ts';

/**
 * What an operator computes, free of positions: `rows` says which rows come out, `columns` what each column holds. A column that another
 * query needs from the same source changes neither, so that state finds its operator in an edited text.
 */
export interface Identity {
  readonly id: string;
  readonly rows: string;
  readonly columns: readonly string[];
}

/** An expression with its columns' identities in place of their positions. */
export function canonical(expression: Expression, columns: readonly string[]): string {
  return JSON.stringify(expression, (_, value: unknown) => {
    const isColumn =
      typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'column';
    return isColumn && 'index' in value ? ['column', columns[Number(value.index)]] : value;
  });
}
