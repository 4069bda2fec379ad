import type { Field, Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type {
  Exchange,
  OperatorInput,
  OperatorNode,
  PhysicalPlan,
  PlannedOperator,
  PlanSettings,
  Stage,
} from '@weir/plan/physical-plan.ts';
import { inputsOf, type LogicalNode, type LogicalSink } from '../logical/nodes.ts';
import { contentHash } from './content-hash.ts';
import { Identities } from './identity.ts';
import { sinkTitle, titleOf } from './titles.ts';

interface Placed {
  readonly operator: string;
  readonly stage: string;
  readonly output: Schema;
}

/**
 * Cuts the graph into stages. A source begins a stage; so does whatever needs rows from other stages: an aggregate (by an exchange on its
 * keys) and a union of several stages (by forwarding). All else runs in its input's stage.
 */
export function planStages(sinks: readonly LogicalSink[], settings: PlanSettings): PhysicalPlan {
  const planner = new StagePlanner();
  for (const sink of sinks) planner.placeSink(sink);
  return { formatVersion: 1, stages: planner.stages(), exchanges: planner.exchanges, settings };
}

class StagePlanner {
  readonly exchanges: Exchange[] = [];
  readonly #identities = new Identities();
  readonly #placed = new Map<LogicalNode, Placed>();
  /** By operator id: two parts of a text that compute the same run once. */
  readonly #byId = new Map<string, Placed>();
  readonly #stages = new Map<string, PlannedOperator[]>();

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
      table: sink.table,
      connector: sink.connector,
      options: sink.options,
      schema: { fields: sink.schema },
      metadata: sink.metadata,
    };
    // One writer: a stage of its own, where all rows come to subtask 0.
    const stage = sink.singleWriter ? id : input.stage;
    const from: OperatorInput = sink.singleWriter
      ? { kind: 'exchange', exchange: this.#exchange([], input, { stage, operator: id, input: 0 }) }
      : { kind: 'local', operator: input.operator };
    this.#byId.set(id, { operator: id, stage, output: node.schema });
    this.#add(stage, { id, title: sinkTitle(sink), node, inputs: [from], output: node.schema });
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
    const inputs = inputsOf(node).map((input) => this.#place(input));
    const placed = this.#byId.get(id) ?? this.#placeNew(node, id, inputs);
    this.#placed.set(node, placed);
    this.#byId.set(id, placed);
    return placed;
  }

  #placeNew(node: LogicalNode, id: string, inputs: readonly Placed[]): Placed {
    const output: Schema = schemaOf(node);
    const stages = new Set(inputs.map((input) => input.stage));
    const [only] = stages;
    const joins = node.kind === 'window_aggregate' || stages.size !== 1 || only === undefined;
    const stage = joins ? id : only;
    const operatorInputs = inputs.map((input, index): OperatorInput => {
      if (!joins) return { kind: 'local', operator: input.operator };
      return {
        kind: 'exchange',
        exchange: this.#exchange(keysOf(node), input, { stage, operator: id, input: index }),
      };
    });
    this.#add(stage, { id, title: titleOf(node), node: operatorNode(node), inputs: operatorInputs, output });
    return { operator: id, stage, output };
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
      schema: from.output,
    });
    return id;
  }
}

function keysOf(node: LogicalNode): readonly number[] | null {
  return node.kind === 'window_aggregate' ? node.keys : null;
}

function schemaOf(node: LogicalNode): Schema {
  const fields: readonly Field[] = node.output;
  return node.kind === 'watermark' ? { fields, eventTime: node.eventTime } : { fields };
}

function operatorNode(node: LogicalNode): OperatorNode {
  switch (node.kind) {
    case 'scan':
      return {
        kind: 'source',
        table: node.table,
        connector: node.connector,
        options: node.options,
        schema: { fields: node.output },
        metadata: node.metadata,
      };
    case 'calc':
      return { kind: 'calc', condition: node.condition, projections: node.projections };
    case 'watermark': {
      const { eventTime, expression, delayMicros, idleTimeMs } = node;
      return { kind: 'watermark', eventTime, expression, delayMicros, idleTimeMs };
    }
    case 'window_aggregate': {
      const { window, eventTime, keys, aggregates } = node;
      return { kind: 'window_aggregate', window, eventTime, keys, aggregates };
    }
    case 'union':
      return { kind: 'union' };
    case 'window_assign':
      // rewrite/lower-windows.ts has left none.
      throw new WeirError('WEIR-0001', 'invariant broken: window tables are lowered before planning');
  }
}
