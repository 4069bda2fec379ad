import type { Field } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import type { AggregateCall } from '@weir/plan/nodes/window-aggregate.ts';
import { sameExpression } from '../../logical/expressions.ts';
import type { Relation } from '../../logical/relation.ts';
import { nullLiteral } from '../../types/constants.ts';
import type { CollectedAggregate } from './aggregate-scope.ts';
import type { Output } from './project.ts';

/** A grouped query, bound. `items` and `having` are over the aggregate's output: keys, then calls. */
export interface AggregateParts {
  readonly input: Relation;
  readonly condition: Expression | null;
  readonly keys: readonly Expression[];
  readonly calls: readonly CollectedAggregate[];
  readonly items: readonly Output[];
  readonly having: Expression | null;
}

/** The columns that an aggregate reads, each once, and its keys and calls by their places there. */
export class AggregateInputs {
  readonly columns: Output[] = [];
  readonly keys: readonly number[];
  readonly calls: readonly GroupedCall[];
  readonly #parts: AggregateParts;

  constructor(parts: AggregateParts) {
    this.#parts = parts;
    this.keys = parts.keys.map((key) => this.place(key));
    this.calls = parts.calls.map((call): GroupedCall => ({
      function: call.function,
      argument: call.argument === null ? null : this.place(guarded(call.argument, call.filter)),
      filter: call.filter === null ? null : this.place(call.filter),
      distinct: call.distinct,
      type: call.type,
      argumentType: call.argument?.type ?? null,
    }));
  }

  /** Of a window, whose calls are never DISTINCT. */
  get plainCalls(): AggregateCall[] {
    return this.calls.map(({ function: id, argument, filter, type, argumentType }) => {
      return { function: id, argument, filter, type, argumentType };
    });
  }

  place(value: Expression): number {
    const known = this.columns.findIndex((output) => sameExpression(output.value, value));
    if (known >= 0) return known;
    const own = value.kind === 'column' ? this.#parts.input.columns[value.index]?.name : undefined;
    return this.columns.push({ name: own ?? `$${this.columns.length}`, value }) - 1;
  }

  /** Of the aggregate's output: keys, then calls. */
  fields(): Field[] {
    return [
      ...this.#parts.keys.map(({ type, nullable }, index) => {
        const place = this.keys[index] ?? index;
        return { name: this.columns[place]?.name ?? `key${index + 1}`, type, nullable };
      }),
      ...this.#parts.calls.map(({ function: id, type, nullable }, index) => {
        return { name: `${id}${index + 1}`, type, nullable };
      }),
    ];
  }
}

/** `sum(a / b) FILTER (WHERE b <> 0)` divides only where its filter lets it. */
function guarded(argument: Expression, filter: Expression | null): Expression {
  if (filter === null || argument.kind === 'column' || argument.kind === 'literal') return argument;
  const { type } = argument;
  return {
    kind: 'case',
    branches: [{ when: filter, then: argument }],
    otherwise: nullLiteral(type),
    type,
    nullable: true,
  };
}
