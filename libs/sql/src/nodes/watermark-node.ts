import { present } from '@weir/kernel/assert.ts';
import { appendMode } from '@weir/plan/change-mode.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import { expressionText } from '../explain/expression-text.ts';
import { shiftColumns } from '../logical/expressions.ts';
import type { LogicalWatermark } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { canonical } from '../physical/identity.ts';
import { insertsOnly } from '../physical/stream-rules.ts';
import { formatMicros } from '../physical/titles.ts';
import { placeIn } from '../rewrite/pruned.ts';
import type { NodeLogic } from './node-logic.ts';

export const watermarkLogic: NodeLogic<LogicalWatermark> = {
  inputs: (node) => [node.input],
  withInputs: (node, of) => ({ ...node, input: of(node.input) }),
  title(node) {
    const name = node.output[node.eventTime]?.name ?? 'time';
    if (node.delayMicros === 0) return `watermark ${name}`;
    if (node.delayMicros !== null) return `watermark ${name} - ${formatMicros(node.delayMicros)}`;
    return `watermark ${expressionText(node.expression, node.input.output)}`;
  },
  require(node, { wanted, timed, need }) {
    for (const index of wanted) need(node.input, index);
    if (!timed) return;
    const use = (index: number): void => {
      need(node.input, index);
      wanted.add(index);
    };
    use(node.eventTime);
    visitColumns(node.expression, use);
  },
  /** Watermarks that nobody waits for are not made. */
  prune(node, pruning) {
    const input = pruning.below(node.input);
    if (!pruning.timed) return input;
    const pruned: LogicalWatermark = {
      ...node,
      input: input.node,
      eventTime: placeIn(input, node.eventTime),
      expression: shiftColumns(node.expression, (index) => placeIn(input, index)),
      output: input.node.output,
    };
    return { node: pruned, places: input.places };
  },
  /** Passes every row on: what reads it computes the same with or without it. */
  identity(node, inputs) {
    const input = present(inputs[0], 'the input of a watermark');
    const watermark = canonical(node.expression, input.columns);
    const id = contentHash(
      JSON.stringify(['watermark', input.rows, input.columns[node.eventTime], watermark]),
    );
    return { id, rows: input.rows, columns: input.columns };
  },
  stream: {
    eventTime: (node) => node.eventTime,
    keys: (_, [below = []]) => below,
    changes: {
      arrivals: (_, [below = insertsOnly]) => below,
      wish: (_, wish) => wish,
      gives: (_, [below = appendMode]) => below,
    },
  },
  operator: ({ eventTime, expression, delayMicros, idleTimeMs }) => ({
    kind: 'watermark',
    eventTime,
    expression,
    delayMicros,
    idleTimeMs,
  }),
};
