import { present } from '@weir/kernel/assert.ts';
import { appendMode, sameKey, type ChangeMode } from '@weir/plan/change-mode.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import { expressionText } from '../explain/expression-text.ts';
import { shiftColumns } from '../logical/expressions.ts';
import type { LogicalCalc } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { canonical } from '../physical/identity.ts';
import { insertsOnly } from '../physical/stream-rules.ts';
import { shorten } from '../physical/titles.ts';
import { placeIn, type Pruned } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

export const calcLogic: NodeLogic<LogicalCalc> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title(node) {
    const fields = node.input.output;
    const filter = node.condition === null ? '' : `filter ${expressionText(node.condition, fields)}`;
    const computed = node.projections.map((projection, index) => {
      const text = expressionText(projection, fields);
      const name = node.output[index]?.name;
      return name === undefined || name === text ? text : `${text} AS ${name}`;
    });
    const project = `project ${computed.join(', ')}`;
    return shorten(filter === '' ? project : `${shorten(filter)}, ${project}`);
  },
  require(node, { wanted, need }) {
    const used = [...wanted].flatMap((index) => node.projections[index] ?? []);
    const all = node.condition === null ? used : [node.condition, ...used];
    for (const expression of all) visitColumns(expression, (index) => need(node.input, index));
  },
  prune(node, pruning) {
    const picked = {
      ...node,
      projections: pruning.pick(node.projections),
      output: pruning.pick(node.output),
    };
    return { places: pruning.places, node: moveCalc(picked, pruning.below(node.input)) };
  },
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of a calc');
    const columns = node.projections.map((projection) =>
      projection.kind === 'column'
        ? present(input.columns[projection.index], 'a column')
        : contentHash(canonical(projection, input.columns)),
    );
    const condition = node.condition === null ? null : canonical(node.condition, input.columns);
    const rows =
      condition === null ? input.rows : contentHash(JSON.stringify(['filter', input.rows, condition]));
    const parts = ['calc', rows, columns, ...(node.newRowsOnly === true ? ['new rows'] : [])];
    return { id: contentHash(JSON.stringify(parts)), rows, columns };
  },
  stream: {
    eventTime: (node, [below = null]) => (below === null ? null : placeOf(node, below)),
    keys(node, [below = []]) {
      return below.flatMap(({ columns, ordered }) => {
        const key = placesOf(node, columns);
        return key === null ? [] : [{ columns: key, ordered }];
      });
    },
    changes: {
      /** A row that is updated may pass the filter no more. */
      arrivals: ({ condition }, [below = insertsOnly]) => ({
        updates: below.updates,
        deletes: below.deletes || (below.updates && condition !== null),
      }),
      wish(node, wish, keys) {
        if (node.condition !== null) return { kind: 'retract' };
        if (wish.kind === 'upsert') {
          const key = wish.key.map((place) => node.projections[place]);
          const columns = key.flatMap((value) => (value?.kind === 'column' ? [value.index] : []));
          if (columns.length === key.length)
            return { kind: 'upsert', key: [...new Set(columns)].toSorted((a, b) => a - b) };
        }
        return keys.length > 0 && wish.kind === 'any' ? wish : { kind: 'retract' };
      },
      gives(node, [below = appendMode], wish): ChangeMode | null {
        if (below.kind === 'append') return below;
        const key = below.key === null ? null : placesOf(node, below.key);
        // Old rows that nobody needs are left out here.
        const drops = wish.kind === 'upsert' && key !== null && sameKey(wish.key, key);
        if (below.kind === 'retract') return drops ? { kind: 'upsert', key } : { kind: 'retract', key };
        return key === null || node.condition !== null ? null : { kind: 'upsert', key };
      },
    },
  },
  operator: ({ condition, projections }) => ({ kind: 'calc', condition, projections }),
};

/** Where a column of the input stands in the output as it is; null: it is left out. */
function placeOf(node: LogicalCalc, column: number): number | null {
  const place = node.projections.findIndex((value) => value.kind === 'column' && value.index === column);
  return place < 0 ? null : place;
}

function placesOf(node: LogicalCalc, columns: readonly number[]): number[] | null {
  const places = columns.flatMap((column) => placeOf(node, column) ?? []);
  return places.length === columns.length ? places.toSorted((a, b) => a - b) : null;
}

function moveCalc(calc: LogicalCalc, input: Pruned): LogicalCalc {
  const move = (index: number): number => placeIn(input, index);
  return {
    ...calc,
    input: input.node,
    condition: calc.condition === null ? null : shiftColumns(calc.condition, move),
    projections: calc.projections.map((projection) => shiftColumns(projection, move)),
  };
}
