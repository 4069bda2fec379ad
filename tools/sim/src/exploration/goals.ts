import { baseOf, generationNumber, unresolvedTorn } from '@weir/epoch-protocol/ledger-state.ts';
import { slotCount } from '@weir/epoch-protocol/transactional-id.ts';
import { idAt, isOngoing } from './model/broker.ts';
import { memoized } from './model/interner.ts';
import type { World } from './model/world.ts';

/*
 * What must stay reachable from every state: (5) the pipeline finishes or halts visibly; (7) no older generation's transaction holds
 * readers back. A state in which the configuration's last generation was hurt counts as reached: a further generation would go on.
 */
export class Goals {
  readonly #world: World;
  readonly #ledger = memoized((history) => this.#ledgerGoal(history));
  readonly #hurt = memoized((broker) => this.#isHurt(broker));
  readonly #ongoing = memoized((broker) => this.#hasOngoing(broker));

  constructor(world: World) {
    this.#world = world;
  }

  /** (5) */
  endsWell(row: Uint32Array): boolean {
    const goal = this.#ledger(row[this.#world.layout.ledger] as number);
    return goal === 'reached' || (goal === 'last' && this.#lastIsHurt(row));
  }

  /** (7) The pipeline is over or runs on, and nothing of a generation before the current one is open. */
  frees(row: Uint32Array): boolean {
    const { layout, ledger } = this.#world;
    const current = generationNumber(ledger.stateOf(row[layout.ledger] as number));
    for (let g = 1; g < current; g += 1) {
      for (const place of layout.brokers[g - 1] ?? []) if (this.#ongoing(row[place] as number)) return false;
    }
    return true;
  }

  #ledgerGoal(history: number): 'reached' | 'last' | 'open' {
    const { config, ledger } = this.#world;
    const state = ledger.stateOf(history);
    if (unresolvedTorn(state) !== null && !config.resolve) return 'reached';
    const over = state.highestEpoch >= config.epochs && baseOf(state)?.status === 'committed';
    if (over) return 'reached';
    return generationNumber(state) === config.generations ? 'last' : 'open';
  }

  #lastIsHurt(row: Uint32Array): boolean {
    const { layout, config, tasks } = this.#world;
    for (const place of layout.tasks) {
      if (place.g !== config.generations) continue;
      const task = tasks.all.at(row[place.place] as number);
      if (task.life === 'dead' || this.#hurt(row[place.broker] as number)) return true;
    }
    return false;
  }

  /** The brokers have taken an id away from its task, or it has no time left. */
  #isHurt(brokerId: number): boolean {
    const broker = this.#world.brokers.at(brokerId);
    return broker.ids.some(({ epoch, held, transaction }) => {
      const taken = !held && epoch >= 0;
      return taken || transaction?.status === 'aborted' || transaction?.old === true;
    });
  }

  #hasOngoing(brokerId: number): boolean {
    const broker = this.#world.brokers.at(brokerId);
    for (let slot = 0; slot < slotCount; slot += 1) {
      if (isOngoing(broker, slot) && idAt(broker, slot).held) return true;
    }
    return false;
  }
}
