import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { QueryBody, SetOperation } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { shownType } from '../../types/shown-type.ts';
import type { Span } from '../../lex/span.ts';
import type { Relation } from '../../logical/relation.ts';
import { castTo, commonType } from '../../types/coerce.ts';
import { Attempts } from './attempts.ts';
import { calcNode, columnAt, columnsOf, type Output, visibleOutputs } from './project.ts';
import type { QueryPlace } from './query-place.ts';

interface Branch {
  readonly relation: Relation;
  readonly outputs: readonly Output[];
  readonly span: Span;
}

/** `a UNION ALL b UNION ALL c`: all rows, by one node for the whole chain. Names come from the first branch. */
export function bindUnion(
  body: SetOperation,
  place: QueryPlace,
  bindBody: (body: QueryBody, place: QueryPlace) => Relation,
): Relation {
  const attempts = new Attempts(place.report);
  const branches = branchesOf(body).map((branch) =>
    attempts.try((): Branch => {
      const relation = bindBody(branch, place);
      return { relation, outputs: visibleOutputs(relation), span: branch.span };
    }),
  );
  attempts.finish();
  return uniteBranches(
    branches.filter((branch) => branch !== undefined),
    body.at,
  );
}

function branchesOf(body: QueryBody): QueryBody[] {
  const branches: QueryBody[] = [];
  let at = body;
  // Where each row is to come once in the end, it may come more often before.
  const once = body.kind === 'set_operation' && !body.all;
  while (at.kind === 'set_operation' && at.operator === 'union' && (at.all || once)) {
    branches.push(at.right);
    at = at.left;
  }
  branches.push(at);
  return branches.toReversed();
}

/** Casts the branches to common types, under the names of the first; their event time behind them, if all have one. */
export function alignBranches(
  branches: readonly Branch[],
  at: Span,
): { readonly relation: Relation; readonly outputs: readonly Output[] }[] {
  const [first] = branches;
  if (first === undefined) return fail('unionMismatch', at, 'a union of nothing');
  const width = first.outputs.length;
  for (const { outputs, span } of branches) {
    if (outputs.length !== width) {
      fail(
        'unionMismatch',
        span,
        `this branch of UNION has ${outputs.length} columns, the first has ${width}`,
      );
    }
  }
  const types = Array.from({ length: width }, (_, index) => unionType(branches, index));
  const eventTime = branches.every(({ relation }) => relation.eventTime !== null);
  return branches.map((branch) => {
    const outputs: Output[] = branch.outputs.map((output, index) => ({
      name: first.outputs[index]?.name ?? output.name,
      value: castTo(output.value, types[index] ?? output.value.type, branch.span),
    }));
    const timeIndex = branch.relation.eventTime;
    if (eventTime && timeIndex !== null) {
      const time = columnAt(branch.relation, timeIndex);
      outputs.push({
        name: '$time',
        value: castTo(time, eventTimeType(branches), branch.span),
        hidden: true,
      });
    }
    return { relation: branch.relation, outputs };
  });
}

/** Casts the branches to common types and puts them together; event time goes on if all have it. */
export function uniteBranches(branches: readonly Branch[], at: Span): Relation {
  const aligned = alignBranches(branches, at);
  const eventTime = branches.every(({ relation }) => relation.eventTime !== null);
  const inputs = aligned.map(({ relation, outputs }) => calcNode(relation.node, null, outputs));
  const model = aligned[0]?.outputs ?? [];
  const output = model.map(({ name, value }, index) => ({
    name,
    type: value.type,
    nullable: aligned.some(({ outputs }) => outputs[index]?.value.nullable ?? true),
  }));
  return {
    node: { kind: 'union', inputs, output },
    columns: columnsOf(model).map((entry, index) => ({
      ...entry,
      nullable: output[index]?.nullable ?? true,
    })),
    eventTime: eventTime ? model.length - 1 : null,
    window: null,
    title: 'this union',
  };
}

function eventTimeType(branches: readonly Branch[]): SqlType {
  const types = branches.flatMap(({ relation }) =>
    relation.eventTime === null ? [] : [relation.columns[relation.eventTime]?.type],
  );
  return types[0] ?? { kind: 'timestamp', precision: 6, zoned: false };
}

function unionType(branches: readonly Branch[], index: number): SqlType {
  let model = branches[0]?.outputs[index]?.value;
  if (model === undefined) return { kind: 'null' };
  for (const { outputs, span } of branches.slice(1)) {
    const next = outputs[index]?.value;
    if (next === undefined) continue;
    const type = commonType(model, next);
    if (type === undefined) {
      const name = branches[0]?.outputs[index]?.name ?? String(index + 1);
      const types = `${shownType(next.type)} here and ${shownType(model.type)} before`;
      fail('unionMismatch', span, `column ${index + 1} ('${name}') of UNION is ${types}`, 'cast one of them');
    }
    model = castTo(model.type.kind === 'null' ? next : model, type, span);
  }
  return model.type;
}
