import { WeirError } from '@weir/kernel/errors.ts';
import { appendMode, sameKeys, sameMode } from './change-mode.ts';
import { edgeProblem, nodeProblem } from './check-node.ts';
import type { Edge } from './edge.ts';
import type { Exchange, OperatorInput, PhysicalPlan, PlannedOperator, Stage } from './physical-plan.ts';
import { rejectedSchema } from './rejected-schema.ts';

/**
 * Checks what every part of the runtime takes for granted: that edges join what is there, in order; that columns, keys and event times
 * are columns of their edge; that what an operator says of its output follows from its inputs (change-mode.ts); and that a sink is
 * given what it takes. Asked of every plan that leaves the compiler; the shape of the JSON was checked before.
 * @throws WeirError WEIR-2314 naming the operator and what is wrong
 */
export function checkPlan(plan: PhysicalPlan): void {
  new PlanCheck(plan).run();
}

const rejectedEdge: Edge = { schema: rejectedSchema, changes: appendMode, keys: [] };

class PlanCheck {
  readonly #plan: PhysicalPlan;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #operators = new Map<string, { readonly operator: PlannedOperator; readonly stage: string }>();

  constructor(plan: PhysicalPlan) {
    this.#plan = plan;
  }

  run(): void {
    for (const exchange of this.#plan.exchanges) {
      if (this.#exchanges.has(exchange.id))
        throw wrong(`exchange ${exchange.id}`, 'there are two of this id');
      this.#exchanges.set(exchange.id, exchange);
    }
    const stages = new Set<string>();
    for (const stage of this.#plan.stages) {
      if (stages.has(stage.id)) throw wrong(`stage ${stage.id}`, 'there are two of this id');
      stages.add(stage.id);
      for (const operator of stage.operators) {
        const where = nameOf(operator);
        if (this.#operators.has(operator.id)) throw wrong(where, 'there are two of its id');
        this.#operators.set(operator.id, { operator, stage: stage.id });
      }
    }
    for (const stage of this.#plan.stages) this.#checkStage(stage);
    for (const exchange of this.#plan.exchanges) this.#checkExchange(exchange);
    for (const id of Object.keys(this.#plan.formats)) {
      const kind = this.#operators.get(id)?.operator.node.kind;
      if (kind !== 'source' && kind !== 'sink')
        throw wrong(`format ${id}`, 'it belongs to no source or sink');
    }
  }

  #checkStage(stage: Stage): void {
    const before = new Map<string, PlannedOperator>();
    for (const operator of stage.operators) {
      const where = nameOf(operator);
      const inputs = operator.inputs.map((input, index) =>
        this.#edgeInto(stage, operator, input, index, before),
      );
      const output: Edge = { schema: operator.output, changes: operator.changes, keys: operator.keys };
      const problem = edgeProblem(output) ?? nodeProblem(operator.node, inputs, output);
      if (problem !== null) throw wrong(where, problem);
      before.set(operator.id, operator);
    }
  }

  #edgeInto(
    stage: Stage,
    operator: PlannedOperator,
    input: OperatorInput,
    index: number,
    before: ReadonlyMap<string, PlannedOperator>,
  ): Edge {
    const where = nameOf(operator);
    if (input.kind === 'local') {
      const from = before.get(input.operator);
      if (from === undefined)
        throw wrong(where, `its input ${input.operator} does not stand before it in its stage`);
      const output = input.output ?? 'rows';
      if (output === 'rejected' && from.node.kind === 'source') return rejectedEdge;
      if (output !== 'rows')
        throw wrong(where, `it reads the output '${output}', which its input does not make`);
      return { schema: from.output, changes: from.changes, keys: from.keys };
    }
    const exchange = this.#exchanges.get(input.exchange);
    if (exchange === undefined) throw wrong(where, `there is no exchange ${input.exchange}`);
    const { to } = exchange;
    if (to.stage !== stage.id || to.operator !== operator.id || to.input !== index)
      throw wrong(where, `the exchange ${exchange.id} leads elsewhere`);
    return exchange;
  }

  #checkExchange(exchange: Exchange): void {
    const where = `exchange ${exchange.id}`;
    const from = this.#operators.get(exchange.from.operator);
    if (from?.stage !== exchange.from.stage) throw wrong(where, 'what it comes from is not there');
    const reader = this.#operators.get(exchange.to.operator)?.operator.inputs[exchange.to.input];
    if (reader?.kind !== 'exchange' || reader.exchange !== exchange.id) throw wrong(where, 'nobody reads it');
    const { operator } = from;
    const fields = exchange.schema.fields.length;
    if (fields !== operator.output.fields.length)
      throw wrong(where, 'its columns are not those of its sender');
    if (!sameMode(exchange.changes, operator.changes) || !sameKeys(exchange.keys, operator.keys))
      throw wrong(where, "its changes or its keys are not its sender's");
    const problem = edgeProblem(exchange);
    if (problem !== null) throw wrong(where, problem);
    if (exchange.partitioning.kind !== 'hash') return;
    const { columns } = exchange.partitioning;
    for (const column of columns) {
      if (!Number.isInteger(column) || column < 0 || column >= fields)
        throw wrong(where, `it has no column ${column}`);
    }
    const { changes } = exchange;
    // Changes of a key keep their order across senders only if each sender sends them to one receiver, and only one sender has them.
    if (changes.kind === 'upsert' && !columns.every((column) => changes.key.includes(column)))
      throw wrong(
        where,
        'it parts by columns beside the key of an upsert: the order of changes would be lost',
      );
  }
}

function nameOf({ id, title }: PlannedOperator): string {
  return `'${title}' (${id})`;
}

function wrong(where: string, what: string): WeirError {
  return new WeirError('WEIR-2314', `the plan is wrong at ${where}: ${what}`, {
    hint: 'this is a defect of Weir, or the plan was damaged: please report it with the SQL text',
  });
}
