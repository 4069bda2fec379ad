import { nameEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import { readingCounts } from '@weir/epoch-protocol/ledger-trim.ts';
import { memoized } from './interner.ts';
import type { Successors } from './state-row.ts';
import type { World } from './world.ts';

/** Reading the ledger entry by entry, while it is trimmed and written into: a reader may be frozen between any two entries. */
export class LedgerReaderSteps {
  readonly #world: World;
  readonly #reading;
  readonly #readOn;
  readonly #restarted;

  constructor(world: World) {
    this.#world = world;
    const { coordinators } = world;
    this.#reading = memoized((state) => coordinators.reading(state));
    this.#readOn = memoized((id, entry) => coordinators.readOn(id, entry) ?? -1);
    this.#restarted = memoized((state) => coordinators.restarted(state));
  }

  addTo(out: Successors, row: Uint32Array, place: number, name: string): void {
    const { ledger, coordinators, layout } = this.#world;
    const history = row[layout.ledger] as number;
    const id = row[place] as number;
    out.add(
      name,
      'starts anew and begins to read the ledger',
      place,
      this.#reading(ledger.readStart(history)),
    );
    const { readFrom, known } = coordinators.all.at(id);
    if (readFrom === null) return;
    const state = ledger.states.at(known);
    const entry = ledger.entryAt(history, state.nextPosition);
    const after = entry === null ? -1 : this.#readOn(id, entry);
    const what = entry === null ? 'no more' : nameEntry(ledger.entries.at(entry));
    if (after >= 0) return out.add(name, `reads ${what} at ${state.nextPosition}`, place, after);
    const trimmedThrough = ledger.histories.at(history).trim?.trimmedThrough ?? -1;
    if (!readingCounts(readFrom, trimmedThrough, this.#world.config.rules)) {
      const again = this.#reading(ledger.readStart(history));
      return out.add(name, `finds ${what}, sees that it was trimmed meanwhile, begins again`, place, again);
    }
    if (entry !== null) {
      this.#world.refusals.push(`a reader can't fold ${what} at ${state.nextPosition}`);
      return;
    }
    const { adopt, begin } = this.#restarted(known);
    if (adopt !== null) out.add(name, 'finds the end, takes the generation over', place, adopt);
    if (begin !== null) out.add(name, 'finds the end, wants a new generation', place, begin);
  }
}
