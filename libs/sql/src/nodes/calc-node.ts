import { present } from '@weir/kernel/assert.ts';
import { expressionText } from '../explain/expression-text.ts';
import { shiftColumns, visitColumns } from '../logical/expressions.ts';
import type { LogicalCalc } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { canonical } from '../physical/identity.ts';
import { shorten } from '../physical/titles.ts';
import { placeIn, type Pruned } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

export const calcNode: NodeLogic<LogicalCalc> = {
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
    return { id: contentHash(JSON.stringify(['calc', rows, columns])), rows, columns };
  },
  operator: ({ condition, projections }) => ({ kind: 'calc', condition, projections }),
};

function moveCalc(calc: LogicalCalc, input: Pruned): LogicalCalc {
  const move = (index: number): number => placeIn(input, index);
  return {
    ...calc,
    input: input.node,
    condition: calc.condition === null ? null : shiftColumns(calc.condition, move),
    projections: calc.projections.map((projection) => shiftColumns(projection, move)),
  };
}
