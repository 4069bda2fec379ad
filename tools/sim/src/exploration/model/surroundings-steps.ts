import { nameEntry, type EpochBody, type LedgerEntryBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { generationNumber, unresolvedTorn } from '@weir/epoch-protocol/ledger-state.ts';
import { slotCount } from '@weir/epoch-protocol/transactional-id.ts';
import { agedTransaction, endTransaction, idAt, isOngoing, reopened, timedOut } from './broker.ts';
import { memoized } from './interner.ts';
import { savedTransaction } from './sink-ids.ts';
import type { Successors } from './state-row.ts';
import { deadTask } from './task-model.ts';
import type { World } from './world.ts';

/** What happens by itself: requests that come late, brokers that time out, tasks that die, the store that deletes, a person. */
export class SurroundingsSteps {
  readonly #world: World;
  /** (broker, slot) -> broker */
  readonly #timedOut;
  readonly #aged;
  readonly #reopened;

  constructor(world: World) {
    this.#world = world;
    const { brokers, config } = world;
    this.#timedOut = memoized((broker, slot) =>
      brokers.id(timedOut(brokers.at(broker), slot, config.timeoutBumps)),
    );
    this.#aged = memoized((broker, slot) => brokers.id(agedTransaction(brokers.at(broker), slot)));
    this.#reopened = memoized((broker, slot) => brokers.id(reopened(brokers.at(broker), slot)));
  }

  addTo(out: Successors, row: Uint32Array): void {
    const { config } = this.#world;
    if (config.timeouts > 0) this.#timeOuts(out, row);
    if (config.lateWrites) this.#lateWrites(out, row);
    if (config.delayedEndTxns) this.#delayedEndTxns(out, row);
    if (config.delayedPuts > 0) this.#delayedPuts(out, row);
    if (config.taskDeaths > 0) this.#deaths(out, row);
    if (config.trimKeeps !== null) this.#deletion(out, row);
    if (config.resolve) this.#resolution(out, row);
  }

  #timeOuts(out: Successors, row: Uint32Array): void {
    const { config, environments, layout, brokers } = this.#world;
    const environment = this.#world.environment(row);
    const left = environment.timeouts < config.timeouts;
    const later = environments.id({ ...environment, timeouts: environment.timeouts + (left ? 1 : 0) });
    for (const place of layout.brokerPlaces) {
      const id = this.#world.value(row, place);
      const broker = brokers.at(id);
      for (let slot = 0; slot < slotCount; slot += 1) {
        if (!isOngoing(broker, slot)) continue;
        const old = idAt(broker, slot).transaction?.old === true;
        if (config.ages && !old && !this.#isDecided(row, place, slot)) {
          out.add('broker', `${this.#named(place)} slot ${slot} grows old`, place, this.#aged(id, slot));
        }
        if (!left || (config.ages && !old)) continue;
        const label = `${this.#named(place)} slot ${slot} times out`;
        out.add('broker', label, place, this.#timedOut(id, slot), layout.environment, later);
      }
    }
  }

  /** With ages: what was decided while young is committed within the rest of its timeout. */
  #isDecided(row: Uint32Array, place: number, slot: number): boolean {
    const { brokers, ledger, layout } = this.#world;
    const broker = brokers.at(this.#world.value(row, place));
    const { g, e } = broker.log[idAt(broker, slot).transaction?.first ?? -1] ?? { g: -1, e: -1 };
    const { decided } = ledger.histories.at(this.#world.value(row, layout.ledger));
    return decided.some((entry) => {
      const body = ledger.entries.at(entry) as EpochBody;
      return body.g === g && body.e === e;
    });
  }

  #lateWrites(out: Successors, row: Uint32Array): void {
    for (const place of this.#world.layout.brokerPlaces) {
      const id = this.#world.value(row, place);
      for (let slot = 0; slot < slotCount; slot += 1) {
        out.add(
          'broker',
          `a late write opens ${this.#named(place)} slot ${slot} again`,
          place,
          this.#reopened(id, slot),
        );
      }
    }
  }

  #delayedEndTxns(out: Successors, row: Uint32Array): void {
    const { brokers, ledger, layout } = this.#world;
    for (const entry of ledger.histories.at(this.#world.value(row, layout.ledger)).decided) {
      const body = ledger.entries.at(entry) as EpochBody;
      for (const handle of body.handles) {
        const saved = savedTransaction(handle, body.e);
        if (saved === null) continue;
        const place = layout.brokerOf(body.g, saved.sink);
        const before = brokers.at(this.#world.value(row, place));
        if (!isOngoing(before, saved.slot)) continue;
        const { broker, answer } = endTransaction(before, saved.slot, saved.producerEpoch);
        const label = `a delayed EndTxn(commit) of epoch ${body.e} lands in sink ${saved.sink}: ${answer}`;
        out.add('broker', label, place, brokers.id(broker));
      }
    }
  }

  #delayedPuts(out: Successors, row: Uint32Array): void {
    const { environments, ledger, layout } = this.#world;
    const environment = this.#world.environment(row);
    environment.puts.forEach(([at, entry], index) => {
      const { history, created } = ledger.put(this.#world.value(row, layout.ledger), at, entry);
      const rest = environments.id({ ...environment, puts: environment.puts.toSpliced(index, 1) });
      const name = nameEntry(ledger.entries.at(entry));
      const label = `a delayed put of ${name} lands at ${at}${created ? '' : ': taken'}`;
      out.add('store', label, layout.environment, rest, layout.ledger, history);
    });
  }

  #deaths(out: Successors, row: Uint32Array): void {
    const { config, environments, layout, tasks } = this.#world;
    const environment = this.#world.environment(row);
    if (environment.deaths >= config.taskDeaths) return;
    const later = environments.id({ ...environment, deaths: environment.deaths + 1 });
    for (const { place, g, sink } of layout.tasks) {
      const task = tasks.all.at(this.#world.value(row, place));
      if (task.life !== 'up') continue;
      out.add(`task g${g}/${sink}`, 'dies', place, tasks.all.id(deadTask(task)), layout.environment, later);
    }
  }

  #deletion(out: Successors, row: Uint32Array): void {
    const { ledger, layout } = this.#world;
    const after = ledger.deleteTrimmed(this.#world.value(row, layout.ledger));
    out.add('store', 'deletes the trimmed entries', layout.ledger, after);
  }

  #resolution(out: Successors, row: Uint32Array): void {
    const { ledger, layout } = this.#world;
    const history = this.#world.value(row, layout.ledger);
    if (ledger.folded(history).illegal !== null) return;
    const state = ledger.stateOf(history);
    const torn = unresolvedTorn(state);
    if (torn === null) return;
    for (const as of ['committed', 'abandoned'] as const) {
      const entry: LedgerEntryBody = { kind: 'Resolved', g: torn.g, e: torn.e, as };
      const { history: after } = ledger.put(history, state.nextPosition, ledger.entries.id(entry));
      out.add(
        'person',
        `resolves epoch ${torn.e} as ${as} (g ${generationNumber(state)})`,
        layout.ledger,
        after,
      );
    }
  }

  #named(place: number): string {
    const g = this.#world.layout.brokers.findIndex((places) => places.includes(place)) + 1;
    return `g ${g}, sink ${this.#world.layout.brokers[g - 1]?.indexOf(place)}`;
  }
}
