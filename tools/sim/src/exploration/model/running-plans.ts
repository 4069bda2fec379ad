import { generationsToSweep } from '@weir/epoch-protocol/generation-start.ts';
import { presentBase } from '@weir/epoch-protocol/ledger-state.ts';
import { sinkKey } from '@weir/epoch-protocol/sink-handle.ts';
import { slotOf } from '@weir/epoch-protocol/transactional-id.ts';
import { idAt } from './broker.ts';
import type { Collected } from './coordinator-model.ts';
import type { CoordinatorPlans, PlannedAppend } from './coordinator-plans.ts';
import { sinksOf } from './coordinator-plans.ts';
import { memoized } from './interner.ts';
import { pendingEpoch } from './ledger-model.ts';
import { sinkOperator } from './sink-ids.ts';
import type { World } from './world.ts';

export interface RunningPlan {
  readonly append: PlannedAppend | null;
  readonly refused: string | null;
  /** Why the generation ends. */
  readonly ends: string | null;
}

/** What a coordinator does whose generation runs, given everything that its tasks have said so far. */
export class RunningPlans {
  readonly #world: World;
  readonly #plans: CoordinatorPlans;
  readonly #known = new Map<string, RunningPlan>();
  readonly beginsAgain = memoized((id) => this.#world.coordinators.beginsAgain(id));
  /** Places of brokers that a sweep looks at. */
  readonly swept = memoized((id) => this.#swept(id));

  constructor(world: World, plans: CoordinatorPlans) {
    this.#world = world;
    this.#plans = plans;
  }

  of(row: Uint32Array, id: number, g: number): RunningPlan {
    let key = String(id);
    for (const task of this.#world.layout.tasks) {
      if (task.g !== g) continue;
      key += `,${this.#world.value(row, task.place)}`;
      if (this.#world.config.ages) key += `:${this.#world.value(row, task.broker)}`;
    }
    let plan = this.#known.get(key);
    if (plan === undefined) {
      plan = this.#decide(row, id);
      this.#known.set(key, plan);
    }
    return plan;
  }

  #decide(row: Uint32Array, id: number): RunningPlan {
    const { coordinators, ledger } = this.#world;
    const at = ledger.states.at(coordinators.all.at(id).known).nextPosition;
    const collected = this.#collect(row, id);
    const decision = coordinators.decision(id, collected);
    if (decision?.decision === 'end-generation')
      return { append: null, refused: null, ends: decision.reason };
    const entry = decision?.decision === 'append' ? decision.entry : coordinators.conclusion(id, collected);
    if (entry === null) return { append: null, refused: null, ends: null };
    const append = this.#plans.append(id, at, entry);
    return append.kind === 'append'
      ? { append, refused: null, ends: null }
      : { append: null, refused: append.reason, ends: null };
  }

  /** All messages that tasks of its generation have sent: acknowledgements are facts that stay true. */
  #collect(row: Uint32Array, id: number): Collected {
    const { coordinators, ledger, layout, tasks, brokers, config } = this.#world;
    const state = ledger.states.at(coordinators.all.at(id).known);
    const { g, e } = pendingEpoch(state, config.rules);
    const base = presentBase(state).body;
    const acks: Collected['acks'][number][] = [];
    const ages: Collected['ages'][number][] = [];
    const commits: string[] = [];
    for (const place of layout.tasks) {
      if (place.g !== g) continue;
      const task = tasks.all.at(this.#world.value(row, place.place));
      if (g === base.g && task.commits.includes(base.e)) {
        commits.push(sinkKey({ operator: sinkOperator, subtask: place.sink }));
      }
      const ack = task.acks.findLast((said) => said.e === e);
      if (ack === undefined) continue;
      const broker = brokers.at(this.#world.value(row, place.broker));
      const id = idAt(broker, slotOf(e));
      const handle = ack.handles[0]?.handle;
      // Its age goes on counting when the brokers have given it up.
      const isGone = handle?.kind === 'kafka' && handle.producerEpoch !== id.epoch;
      const isOld = isGone || id.transaction?.old === true;
      acks.push(ack);
      ages.push(config.ages && config.driver.ageCheck ? { ageMs: isOld ? 90 : 0, timeoutMs: 100 } : null);
    }
    return { acks, ages, commits };
  }

  #swept(id: number): { readonly place: number; readonly label: string }[] {
    const { coordinators, ledger, layout } = this.#world;
    const state = ledger.states.at(coordinators.all.at(id).known);
    return generationsToSweep(state).flatMap((record) =>
      sinksOf(record).map((sink) => ({
        place: layout.brokerOf(record.body.g, sink),
        label: `sweeps g ${record.body.g}, sink ${sink}`,
      })),
    );
  }
}
