import { bigintType, booleanType, doubleType, formatType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { call, column, replaceColumns, sameExpression, strictCall } from '../../logical/expressions.ts';
import { castTo } from '../../types/coerce.ts';
import { literal, nullLiteral } from '../../types/constants.ts';
import type { AggregateParts } from './aggregate-inputs.ts';
import type { CollectedAggregate } from './aggregate-scope.ts';
import { columnAt, type Output } from './project.ts';
import type { Relation } from '../../logical/relation.ts';

/** What an aggregate with DISTINCT calls is made of: one by the argument as well, then one over its groups. */
interface SpreadDistinct {
  readonly inner: AggregateParts;
  /** @param groups the rows of `inner` */
  outer(groups: Relation): AggregateParts;
}

/**
 * DISTINCT aggregates with a window as two aggregates: the first groups by the argument as well, so that each value comes once; the second puts its groups
 * together. All calls must be about one argument.
 * @throws DiagnosticFailure
 */
export function spreadDistinct(parts: AggregateParts, span: Span): SpreadDistinct {
  const [first, ...others] = parts.calls.filter(({ distinct }) => distinct).map(({ argument }) => argument);
  if (
    first === undefined ||
    first === null ||
    others.some((each) => each === null || !sameExpression(each, first))
  ) {
    const hint = 'write a query for each, or aggregate without a window';
    return fail(
      'notPlanned',
      span,
      'DISTINCT aggregates of several columns with a window are not supported yet',
      hint,
    );
  }
  const spread = new CallSpread(parts.keys.length, first, span);
  const results = parts.calls.map((each) => spread.add(each));
  const named =
    (prefix: string) =>
    (value: Expression, index: number): Output => ({ name: `${prefix}${index}`, value });
  const keys = [...parts.keys, first];
  return {
    inner: {
      input: parts.input,
      condition: parts.condition,
      keys,
      calls: spread.inner,
      items: [
        ...keys.map(({ type, nullable }, index) => column(index, type, nullable)).map(named('key')),
        ...spread.inner
          .map(({ type, nullable }, index) => column(keys.length + index, type, nullable))
          .map(named('part')),
      ],
      having: null,
    },
    outer(groups) {
      const settle = (value: Expression): Expression =>
        replaceColumns(value, (reference) => results[reference.index - parts.keys.length] ?? reference);
      return {
        input: groups,
        condition: null,
        keys: parts.keys.map((_, index) => columnAt(groups, index)),
        calls: spread.outer,
        items: parts.items.map((item) => ({ ...item, value: settle(item.value) })),
        having: parts.having === null ? null : settle(parts.having),
      };
    },
  };
}

/** Calls of the two aggregates. Results are expressions over the second one's output: keys, calls. */
class CallSpread {
  readonly inner: CollectedAggregate[] = [];
  readonly outer: CollectedAggregate[] = [];
  readonly #keys: number;
  readonly #argument: Expression;
  readonly #span: Span;

  constructor(keys: number, argument: Expression, span: Span) {
    this.#keys = keys;
    this.#argument = argument;
    this.#span = span;
  }

  add(given: CollectedAggregate): Expression {
    if (given.distinct) return this.#addDistinct(given);
    switch (given.function) {
      case 'count':
        return this.#total(this.#part(given), 'sum', bigintType, false);
      case 'sum':
      case 'min':
      case 'max':
      case 'bool_and':
      case 'bool_or':
        return this.#total(this.#part(given), given.function, given.type, given.nullable);
      case 'avg':
        return this.#mean(given);
      default: {
        const what = `${given.function}() beside DISTINCT, with a window, is not supported yet`;
        return fail('notPlanned', this.#span, what);
      }
    }
  }

  #addDistinct(given: CollectedAggregate): Expression {
    const { type, nullable } = this.#argument;
    const counted =
      given.filter === null
        ? null
        : this.#part({
            ...given,
            function: 'count',
            argument: null,
            distinct: false,
            type: bigintType,
            nullable: false,
          });
    const filter =
      counted === null ? null : call('gt', [counted, literal('0', bigintType)], booleanType, false);
    return this.#outer({ ...given, argument: column(this.#keys, type, nullable), filter, distinct: false });
  }

  /** As avg has it: the sum as a DOUBLE by the count. */
  #mean(given: CollectedAggregate): Expression {
    const { argument } = given;
    if (argument === null || (argument.type.kind !== 'integer' && argument.type.kind !== 'float')) {
      const what = argument === null ? 'nothing' : formatType(argument.type);
      return fail(
        'notPlanned',
        this.#span,
        `${given.function} of ${what} beside DISTINCT, with a window, is not supported yet`,
      );
    }
    const sumType = argument.type.kind === 'integer' ? bigintType : doubleType;
    const sum = this.#part({ ...given, function: 'sum', type: sumType });
    const count = this.#part({ ...given, function: 'count', type: bigintType, nullable: false });
    const total = castTo(this.#total(sum, 'sum', sumType, given.nullable), doubleType, this.#span);
    const values = this.#total(count, 'sum', bigintType, false);
    return {
      kind: 'case',
      branches: [
        {
          when: call('gt', [values, literal('0', bigintType)], booleanType, false),
          then: strictCall('div', [total, castTo(values, doubleType, this.#span)], doubleType),
        },
      ],
      otherwise: nullLiteral(doubleType),
      type: doubleType,
      nullable: true,
    };
  }

  /** A call of the first aggregate, as a column of its rows. */
  #part(given: CollectedAggregate): Expression {
    const index = this.inner.push(given) - 1;
    return column(this.#keys + 1 + index, given.type, given.nullable);
  }

  #total(
    argument: Expression,
    id: CollectedAggregate['function'],
    type: CollectedAggregate['type'],
    nullable: boolean,
  ): Expression {
    return this.#outer({ function: id, argument, filter: null, distinct: false, type, nullable });
  }

  #outer(given: CollectedAggregate): Expression {
    const index = this.outer.push(given) - 1;
    return column(this.#keys + index, given.type, given.nullable);
  }
}
