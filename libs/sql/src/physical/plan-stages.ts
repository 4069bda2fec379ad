import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { ChangeMode, UniqueKey } from '@weir/plan/change-mode.ts';
import type {
  Exchange,
  OperatorInput,
  OperatorNode,
  PhysicalPlan,
  PlannedOperator,
  PlanSettings,
  Stage,
} from '@weir/plan/physical-plan.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { LogicalNode, LogicalSink } from '../logical/nodes.ts';
import type { NodeSettings } from '../nodes/node-logic.ts';
import { logicOf } from '../nodes/node-table.ts';
import { nodesInOrder } from '../rewrite/graph.ts';
import { contentHash } from './content-hash.ts';
import { deadLetterSink, refuseReadDeadLetters } from './dead-letter-sink.ts';
import { Identities } from './identities.ts';
import { inferChanges } from './infer-changes.ts';
import { inferKeys, type RowFacts } from './infer-keys.ts';
import { repairChanges } from './repair-changes.ts';
import { sinkTitle } from './titles.ts';

/** A day: as Arroyo has it. */
const defaultTtlMs = 86_400_000;

interface Placed {
  readonly operator: string;
  readonly stage: string;
  readonly edge: StatedRows;
}

/** What a plan states of an operator's rows. */
interface StatedRows {
  readonly output: Schema;
  readonly changes: ChangeMode;
  readonly keys: readonly UniqueKey[];
}

/**
 * Cuts the graph into stages. A source begins a stage; so does whatever needs rows from other stages: an aggregate (by an exchange on its
 * keys) and a union of several stages (by forwarding). All else runs in its input's stage.
 */
export function planStages(
  written: readonly LogicalSink[],
  settings: PlanSettings,
  report: (diagnostic: Diagnostic) => void,
): PhysicalPlan {
  const sinks = repairChanges(written);
  const order = nodesInOrder(sinks);
  const facts = inferKeys(order);
  const { modes } = inferChanges(sinks, order, facts, report);
  refuseReadDeadLetters(order, report);
  const planner = new StagePlanner(facts, modes, { updatingTtlMs: settings.updatingTtlMs ?? defaultTtlMs });
  for (const sink of sinks) planner.placeSink(sink);
  return {
    formatVersion: 2,
    stages: planner.stages(),
    exchanges: planner.exchanges,
    settings,
    formats: planner.formats,
  };
}

class StagePlanner {
  readonly exchanges: Exchange[] = [];
  readonly formats: Record<string, PinnedFormats> = {};
  readonly #identities = new Identities();
  readonly #placed = new Map<LogicalNode, Placed>();
  /** By operator id: two parts of a text that compute the same run once. */
  readonly #byId = new Map<string, Placed>();
  readonly #stages = new Map<string, PlannedOperator[]>();
  readonly #facts: ReadonlyMap<LogicalNode, RowFacts>;
  readonly #modes: ReadonlyMap<LogicalNode, ChangeMode>;
  readonly #settings: NodeSettings;

  constructor(
    facts: ReadonlyMap<LogicalNode, RowFacts>,
    modes: ReadonlyMap<LogicalNode, ChangeMode>,
    settings: NodeSettings,
  ) {
    this.#facts = facts;
    this.#modes = modes;
    this.#settings = settings;
  }

  stages(): Stage[] {
    return [...this.#stages].map(([id, operators]) => ({ id, operators }));
  }

  placeSink(sink: LogicalSink): void {
    const input = this.#place(sink.input);
    const base = this.#identities.ofSink(sink);
    let id = base;
    // The same INSERT written twice inserts twice.
    for (let count = 2; this.#byId.has(id); count++) id = contentHash(`${base}#${count}`);
    const node: OperatorNode = {
      kind: 'sink',
      ...sink.access,
      schema: { fields: sink.schema },
      metadata: sink.metadata,
      primaryKey: sink.primaryKey,
      changes: sink.changes,
    };
    const parted = partingOf(sink, input.edge.changes);
    const stage = parted === null ? input.stage : id;
    const from: OperatorInput =
      parted === null
        ? { kind: 'local', operator: input.operator }
        : { kind: 'exchange', exchange: this.#exchange(parted, input, { stage, operator: id, input: 0 }) };
    const { eventTime } = input.edge.output;
    const output = { fields: sink.schema, ...(eventTime === undefined ? {} : { eventTime }) };
    const edge = { ...input.edge, output };
    this.#byId.set(id, { operator: id, stage, edge });
    this.#add(stage, { id, title: sinkTitle(sink), node, inputs: [from], ...edge });
    this.#pin(id, sink.pinned);
  }

  #add(stage: string, operator: PlannedOperator): void {
    const operators = this.#stages.get(stage);
    if (operators === undefined) this.#stages.set(stage, [operator]);
    else operators.push(operator);
  }

  #place(node: LogicalNode): Placed {
    const known = this.#placed.get(node);
    if (known !== undefined) return known;
    const { id } = this.#identities.of(node);
    const inputs = logicOf(node)
      .inputs(node)
      .map((input) => this.#place(input));
    const placed = this.#byId.get(id) ?? this.#placeNew(node, id, inputs);
    this.#placed.set(node, placed);
    this.#byId.set(id, placed);
    return placed;
  }

  #placeNew(node: LogicalNode, id: string, inputs: readonly Placed[]): Placed {
    const logic = logicOf(node);
    const edge = this.#statedRows(node);
    const keys = inputs.map((_, input) => logic.partitionBy?.(node, input) ?? null);
    const stages = new Set(inputs.map((input) => input.stage));
    const [only] = stages;
    const joins = keys.some((columns) => columns !== null) || stages.size !== 1 || only === undefined;
    const stage = joins ? id : only;
    const operatorInputs = inputs.map((input, index): OperatorInput => {
      if (!joins) return { kind: 'local', operator: input.operator };
      const to = { stage, operator: id, input: index };
      return { kind: 'exchange', exchange: this.#exchange(keys[index] ?? null, input, to) };
    });
    const operator = { id, title: logic.title(node), node: logic.operator(node, this.#settings) };
    this.#add(stage, { ...operator, inputs: operatorInputs, ...edge });
    if (node.kind === 'scan') this.#pin(id, node.pinned);
    const deadLetters = node.kind === 'scan' ? deadLetterSink(id, node.access) : null;
    if (deadLetters !== null) this.#add(stage, deadLetters);
    return { operator: id, stage, edge };
  }

  #pin(operator: string, pinned: PinnedFormats): void {
    if (pinned.value !== null || pinned.key !== null) this.formats[operator] = pinned;
  }

  #statedRows(node: LogicalNode): StatedRows {
    const { keys, eventTime } = present(this.#facts.get(node), 'facts of a node');
    return {
      output: { fields: node.output, ...(eventTime === null ? {} : { eventTime }) },
      changes: present(this.#modes.get(node), 'the mode of a node'),
      keys: keys.map(({ columns }) => columns),
    };
  }

  /** @param keys columns to partition by; none: everything to one subtask; null: rows stay in their subtask */
  #exchange(keys: readonly number[] | null, from: Placed, to: Exchange['to']): string {
    const id = contentHash(JSON.stringify([from.operator, to.operator, to.input]));
    const partitioning: Exchange['partitioning'] =
      keys === null ? { kind: 'forward' } : { kind: 'hash', columns: keys };
    this.exchanges.push({
      id,
      from: { stage: from.stage, operator: from.operator },
      to,
      partitioning,
      schema: from.edge.output,
      changes: from.edge.changes,
      keys: from.edge.keys,
    });
    return id;
  }
}

/**
 * Columns by which the rows of a sink come together, in a stage of its own; null: they stay where they are. One writer: all in subtask 0.
 * Inserts into a table that is written by its key: a key in one subtask, so that of its rows the last one stands.
 */
function partingOf(sink: LogicalSink, changes: ChangeMode): readonly number[] | null {
  if (sink.singleWriter) return [];
  const overwrites = sink.changes === 'upsert' && changes.kind === 'append';
  return overwrites && sink.primaryKey.length > 0 ? sink.primaryKey : null;
}
