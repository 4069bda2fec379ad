import type { EpochBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { unresolvedTorn, type EpochRecord, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { allRules } from '@weir/epoch-protocol/protocol-rules.ts';
import { idAt } from './model/broker.ts';
import { memoized } from './model/interner.ts';
import { nextRecord } from './model/ledger-model.ts';
import { hasOutput, wishKnownFrom } from './model/model-config.ts';
import { savedTransaction } from './model/sink-ids.ts';
import type { World } from './model/world.ts';

/*
 * What must hold in every state. (1)-(4) are those of the first model; (5), that it can still finish or halt, is looked at in goals.ts.
 *
 * (1)  The committed output covers every input exactly once: no record twice in a sink, none missing below a base that is recorded
 *      committed, and nothing is committed that the ledger hasn't decided.
 * (2)  Tasks start only from a base that is recorded and wholly committed.
 * (3)  `Committed` (or `committedThrough`) says so only of epochs of which all is committed.
 * (4)  `Abandoned` is said only of epochs of which nothing is committed, nor can be any more.
 * (6)  A decided epoch is given up (`Abandoned`, `Torn`) only where a broker aborted something by itself.
 * (7)  Older generations' transactions can be ended, so that no reader is held back for ever (goals.ts).
 * (8)  One incarnation runs a subtask of a generation.
 * (10) A wish to go back is fulfilled once, and before anything is decided in a generation whose coordinators all know of it. What (1) says
 *      of the output holds for each side of it: what came before, and what came from the older epoch on.
 * (9)  The library folds what it appended, and correct peers cause no illegal transition.
 */
export type Violation = string;

interface LedgerFacts {
  readonly state: LedgerState;
  readonly illegal: string | null;
  /** For each sink: records that must be in it, a bit each, before the pipeline went back (or ever, if it didn't), and since. */
  readonly required: readonly Sides[];
  /** Number of the epoch that goes back; infinity while none does. */
  readonly wentBackAt: number;
  /** What is wrong about going back. */
  readonly wentWrong: Violation | null;
  /** Something decided was given up, by recovery. */
  readonly gaveUp: string | null;
  /** `g/e` that a person has resolved. */
  readonly exempt: string | null;
  readonly decided: ReadonlySet<string>;
}

interface SinkFacts {
  readonly violation: Violation | null;
  /** Records that are committed, a bit each. */
  readonly committed: Sides;
}

/** Before the pipeline went back to an older epoch, and since. */
type Sides = readonly [number, number];
const nothing: Sides = [0, 0];

const nameOf = (of: { readonly g: number; readonly e: number }): string => `${of.g}/${of.e}`;

export class Invariants {
  readonly #world: World;
  readonly #ledger = memoized((history) => this.#ledgerFacts(history));
  /** (history, broker, place) */
  readonly #sink = memoized((history, broker, place) => this.#sinkFacts(history, broker, place));
  /** (history, task, index of its place) */
  readonly #task = memoized((history, task) => this.#taskViolation(history, task));
  readonly #sinks: readonly (readonly number[])[];
  readonly #allOn: boolean;

  constructor(world: World) {
    this.#world = world;
    const { config, layout } = world;
    this.#sinks = Array.from({ length: config.sinks }, (_, sink) => [
      ...new Set(layout.brokers.map((places) => places[sink] ?? -1)),
    ]);
    this.#allOn = JSON.stringify(config.rules) === JSON.stringify(allRules) && config.driver.startAfterPlaced;
  }

  /** What is wrong in a state; null when nothing is. */
  check(row: Uint32Array): Violation | null {
    const { layout, config } = this.#world;
    const history = row[layout.ledger] as number;
    const ledger = this.#ledger(history);
    for (let sink = 0; sink < this.#sinks.length; sink += 1) {
      let all = nothing;
      for (const place of this.#sinks[sink] as readonly number[]) {
        const facts = this.#sink(history, row[place] as number, place);
        if (facts.violation !== null) return facts.violation;
        const [before, since] = facts.committed;
        if ((all[0] & before) !== 0 || (all[1] & since) !== 0)
          return `(1) a record is committed twice in sink ${sink}`;
        all = [all[0] | before, all[1] | since];
      }
      const [before, since] = ledger.required[sink] as Sides;
      if ((before & ~all[0]) !== 0 || (since & ~all[1]) !== 0)
        return `(1) a record is lost in sink ${sink}: the base is past it, and it isn't committed`;
    }
    for (const place of layout.tasks) {
      const violation = this.#task(history, row[place.place] as number);
      if (violation !== null) return violation;
    }
    if (config.placements === 2) {
      const twice = this.#runsTwice(row);
      if (twice !== null) return twice;
    }
    return (
      ledger.wentWrong ??
      this.#giveUpWithoutCause(row, ledger) ??
      (ledger.illegal === null ? null : `(9) ${ledger.illegal}`)
    );
  }

  #giveUpWithoutCause(row: Uint32Array, ledger: LedgerFacts): Violation | null {
    if (ledger.gaveUp === null) return null;
    if (this.#world.config.ages) return `(6) ${ledger.gaveUp}, though only undecided transactions timed out`;
    if (this.#world.environment(row).timeouts > 0) return null;
    return `(6) ${ledger.gaveUp}, though no broker aborted anything`;
  }

  #ledgerFacts(history: number): LedgerFacts {
    const { ledger, config } = this.#world;
    const { illegal } = ledger.folded(history);
    const state = ledger.stateOf(history);
    const { entries, trim, decided } = ledger.histories.at(history);
    const resolved = state.torn?.resolved ?? null;
    const base = state.epochs.findLast((record) => record.status === 'committed');
    const exempt = resolved === null ? null : nameOf(resolved);
    const skipped = state.epochs.find((record) => nameOf(record.body) === exempt);
    const upTo = base === undefined ? 0 : nextRecord(base);
    const bits = (sink: number, from: number, to: number): number => {
      let records = 0;
      for (let record = from; record < to; record += 1) {
        const isExempt = skipped !== undefined && nextRecord(skipped) === record + 1;
        if (hasOutput(config, sink, record) && !isExempt) records |= 1 << record;
      }
      return records;
    };
    const there = trim === null ? entries.filter((entry) => entry !== null) : decided;
    const bodies = there.map((entry) => ledger.entries.at(entry)).filter((body) => body.kind === 'Epoch');
    const back = bodies.filter((body) => body.restored !== undefined);
    const left = bodies.find((body) => body.e === back[0]?.parent);
    const required = Array.from({ length: config.sinks }, (_, sink): Sides => {
      const [turn] = back;
      if (turn === undefined || left === undefined) return [bits(sink, 0, upTo), 0];
      return [bits(sink, 0, nextRecord({ body: left })), bits(sink, nextRecord({ body: turn }), upTo)];
    });
    return {
      state,
      illegal,
      required,
      wentBackAt: back[0]?.e ?? Infinity,
      wentWrong: this.#wentWrong(bodies, back),
      gaveUp: gaveUp(state),
      exempt,
      decided: new Set(bodies.map(nameOf)),
    };
  }

  /** (10) */
  #wentWrong(bodies: readonly EpochBody[], back: readonly EpochBody[]): Violation | null {
    if (back.length > 1) return '(10) the pipeline went back twice';
    const [turn] = back;
    const known = wishKnownFrom(this.#world.config, 1);
    const early = bodies.find((body) => body.g >= known && (turn === undefined || body.e < turn.e));
    return early === undefined ? null : `(10) epoch ${early.e} is decided, and the pipeline hasn't gone back`;
  }

  #sinkFacts(history: number, brokerId: number, place: number): SinkFacts {
    const { brokers, layout } = this.#world;
    const facts = this.#ledger(history);
    const broker = brokers.at(brokerId);
    const committed: [number, number] = [0, 0];
    for (const batch of broker.log) {
      if (batch.outcome !== 'committed') continue;
      const what = `record ${batch.record} of epoch (g ${batch.g}, e ${batch.e})`;
      if (!facts.decided.has(nameOf(batch)))
        return { violation: `(1) ${what} is committed and not decided`, committed };
      if (nameOf(batch) === facts.exempt) continue;
      const side = batch.e > facts.wentBackAt ? 1 : 0;
      if ((committed[side] & (1 << batch.record)) !== 0)
        return { violation: `(1) ${what} is committed twice`, committed };
      committed[side] |= 1 << batch.record;
    }
    for (const record of facts.state.epochs) {
      const at = layout.brokers[record.body.g - 1]?.indexOf(place) ?? -1;
      if (at < 0 || nameOf(record.body) === facts.exempt) continue;
      const violation = this.#epochViolation(record, brokerId, at);
      if (violation !== null) return { violation, committed };
    }
    return { violation: null, committed };
  }

  #epochViolation(record: EpochRecord, brokerId: number, sink: number): Violation | null {
    const { g, e, handles } = record.body;
    const handle = handles.find((one) => one.subtask === sink);
    const saved = handle === undefined ? null : savedTransaction(handle, e);
    if (saved === null || saved.first < 0) return null;
    const broker = this.#world.brokers.at(brokerId);
    const isCommitted = broker.log.some((b) => b.g === g && b.e === e && b.outcome === 'committed');
    const what = `epoch (g ${g}, e ${e})`;
    if (record.status === 'committed' && !isCommitted) {
      return `(3) ${what} is recorded committed, and isn't in sink ${sink}`;
    }
    if (record.status !== 'abandoned') return null;
    if (isCommitted) return `(4) ${what} is abandoned, and committed in sink ${sink}`;
    const id = idAt(broker, saved.slot);
    const open = id.epoch === saved.producerEpoch && id.held && id.transaction?.status === 'ongoing';
    return open ? `(4) ${what} is abandoned, and can still be committed in sink ${sink}` : null;
  }

  #taskViolation(history: number, taskId: number): Violation | null {
    const task = this.#world.tasks.all.at(taskId);
    if (task.illegal !== null && this.#allOn) return `(9) ${task.illegal}`;
    if (task.start === null || task.life === 'off') return null;
    const { state } = this.#ledger(history);
    const { base, g } = task.start;
    const record = state.epochs.find((one) => one.body.e === base && one.body.g < g);
    if (record === undefined || record.status === 'committed') return null;
    return `(2) tasks of generation ${g} run from epoch ${base}, which is ${record.status}`;
  }

  #runsTwice(row: Uint32Array): Violation | null {
    const { layout, tasks } = this.#world;
    const running = new Set<string>();
    for (const { place, g, sink } of layout.tasks) {
      if (tasks.all.at(row[place] as number).life === 'off') continue;
      if (running.has(`${g}/${sink}`)) return `(8) subtask ${sink} of generation ${g} was started twice`;
      running.add(`${g}/${sink}`);
    }
    return null;
  }
}

/** What recovery gave up, or had to halt for. */
function gaveUp(state: LedgerState): string | null {
  const torn = unresolvedTorn(state);
  if (torn !== null) return `epoch ${torn.e} is declared torn`;
  const record = state.epochs.find((one) => one.status === 'abandoned');
  const byPerson = record !== undefined && state.torn?.resolved?.e === record.body.e;
  if (record === undefined || byPerson) return null;
  return `epoch ${record.body.e} is abandoned`;
}
