import { bigintType, booleanType, type Field } from '@weir/columnar/sql-type.ts';
import { sinkChanges, sourceChanges } from '@weir/plan/change-mode.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import type { LogicalNode, LogicalSink, ScanNode } from '@weir/sql/logical/nodes.ts';
import { logicOf } from '@weir/sql/nodes/node-table.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';

const span = { start: 0, end: 0 };
/** All nodes have three columns, so that any two may be united. */
const fields: readonly Field[] = ['id', 'owner', 'amount'].map((name) => {
  return { name, type: bigintType, nullable: false };
});

const access = (table: string) => ({
  specVersion: 1 as const,
  table,
  connector: 'test',
  options: {},
  connection: { profile: null, options: [] },
  format: null,
  secrets: [],
});
const column = (index: number): Expression => ({ kind: 'column', index, type: bigintType, nullable: false });
const literal = (value: number): Expression => {
  return { kind: 'literal', value: String(value), type: bigintType, nullable: false };
};
const call = (name: string, type: Expression['type'], args: readonly Expression[]): Expression => {
  return { kind: 'call', function: name, arguments: args, type, nullable: false };
};

/** Tables that are updated in all ways, through filters, projections and unions, into sinks that take this and that. */
export function randomGraph(random: SeededRandom): LogicalSink[] {
  const nodes: LogicalNode[] = Array.from({ length: random.integer(1, 3) }, (_, index): ScanNode => ({
    kind: 'scan',
    access: access(`t${index}`),
    output: fields,
    metadata: [null, null, null],
    primaryKey: [0],
    changes: random.pick(sourceChanges),
    pinned: nothingPinned,
    span,
  }));
  for (let step = random.integer(1, 5); step > 0; step -= 1) {
    nodes.push(
      random.chance(0.3)
        ? { kind: 'union', inputs: [random.pick(nodes), random.pick(nodes)], output: fields }
        : random.chance(0.3)
          ? randomAggregate(random, random.pick(nodes))
          : randomCalc(random, random.pick(nodes)),
    );
  }
  return Array.from({ length: random.integer(1, 3) }, (_, index): LogicalSink => ({
    access: access(`sink${index}`),
    input: random.pick(nodes),
    schema: fields,
    metadata: [null, null, null],
    singleWriter: false,
    primaryKey: [0],
    changes: random.pick(sinkChanges),
    pinned: nothingPinned,
    span,
    columnSpans: [span, span, span],
  }));
}

function randomCalc(random: SeededRandom, input: LogicalNode): LogicalNode {
  const condition = random.chance(0.4)
    ? call(random.pick(['lt', 'ge']), booleanType, [
        column(random.integer(1, 2)),
        literal(random.integer(1, 6)),
      ])
    : null;
  const projections = fields.map((_, index): Expression => {
    if (random.chance(0.6)) return column(index);
    if (random.chance(0.5)) return column(random.integer(0, 2));
    return call('mod', bigintType, [column(random.integer(0, 2)), literal(random.integer(2, 4))]);
  });
  return { kind: 'calc', input, condition, projections, output: fields };
}

/** Three columns again: keys, then aggregates. */
function randomAggregate(random: SeededRandom, input: LogicalNode): LogicalNode {
  const keys = random.pick([[0], [1], [2], [0, 1], [1, 2]]);
  const aggregates = Array.from({ length: 3 - keys.length }, (): GroupedCall => {
    const name = random.pick(['count', 'sum', 'min', 'max'] as const);
    const argument = name === 'count' && random.chance(0.5) ? null : random.integer(0, 2);
    const distinct = argument !== null && name !== 'min' && name !== 'max' && random.chance(0.5);
    const argumentType = argument === null ? null : bigintType;
    return { function: name, argument, filter: null, distinct, type: bigintType, argumentType };
  });
  return { kind: 'group_aggregate', input, keys, aggregates, output: fields, span };
}

/** The graph over tables that only grow, into sinks that take anything. */
export function appendOnly(sinks: readonly LogicalSink[]): LogicalSink[] {
  const known = new Map<LogicalNode, LogicalNode>();
  const grown = (node: LogicalNode): LogicalNode => {
    const done = known.get(node);
    if (done !== undefined) return done;
    const made = grownNode(node, grown);
    known.set(node, made);
    return made;
  };
  return sinks.map((sink) => ({ ...sink, input: grown(sink.input), changes: 'any' }));
}

function grownNode(node: LogicalNode, grown: (node: LogicalNode) => LogicalNode): LogicalNode {
  if (node.kind === 'scan') return { ...node, changes: 'append' };
  return logicOf(node).withInputs(node, grown);
}
