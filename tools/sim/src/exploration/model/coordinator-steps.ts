import { nameEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import { entryCounts } from '@weir/epoch-protocol/ledger-trim.ts';
import { slotCount } from '@weir/epoch-protocol/transactional-id.ts';
import { endTransaction, initByCleaner, isOngoing, logAnswer, type Broker } from './broker.ts';
import { incarnationOf } from './coordinator-model.ts';
import {
  CoordinatorPlans,
  endTxnAnswers,
  logAnswers,
  type Plan,
  type PlannedAppend,
  type Question,
} from './coordinator-plans.ts';
import { memoized } from './interner.ts';
import { LedgerReaderSteps } from './ledger-reader-steps.ts';
import { RunningPlans } from './running-plans.ts';
import type { Successors } from './state-row.ts';
import type { World } from './world.ts';

/** The steps of coordinators: each does what the library's `nextStartStep` and `decideEpoch` say, or crashes and starts again. */
export class CoordinatorSteps {
  readonly #world: World;
  readonly #plans: CoordinatorPlans;
  readonly #running: RunningPlans;
  readonly #reader: LedgerReaderSteps;
  readonly #restarted;
  readonly #cleanedBroker;
  readonly #isOpen;
  readonly #endTxn;
  readonly #put;
  readonly #foldedOn;

  constructor(world: World) {
    this.#world = world;
    this.#plans = new CoordinatorPlans(world);
    this.#running = new RunningPlans(world, this.#plans);
    this.#reader = new LedgerReaderSteps(world);
    const { coordinators, brokers, ledger } = world;
    this.#restarted = memoized((state) => coordinators.restarted(state));
    this.#cleanedBroker = memoized((broker) => brokers.id(cleaned(brokers.at(broker))));
    this.#isOpen = memoized((broker) =>
      brokers.at(broker).ids.some((_, slot) => isOngoing(brokers.at(broker), slot)),
    );
    this.#endTxn = memoized((broker, slot, epoch) => {
      const ended = endTransaction(brokers.at(broker), slot, epoch);
      return { broker: brokers.id(ended.broker), answer: endTxnAnswers.indexOf(ended.answer) };
    });
    this.#put = memoized((history, at, entry) => ledger.put(history, at, entry));
    this.#foldedOn = memoized((id, entry, own) => coordinators.foldedOn(id, entry, own === 1));
  }

  addTo(out: Successors, row: Uint32Array): void {
    const { layout } = this.#world;
    for (let who = 0; who < layout.coordinators.length; who += 1) {
      const place = layout.coordinators[who] as number;
      this.#restart(out, row, place, who);
      this.#step(out, row, place, who, this.#plans.of(row[place] as number, who));
    }
  }

  /** A crash at any moment, a new process, and the ledger read to its end. */
  #restart(out: Successors, row: Uint32Array, place: number, who: number): void {
    if (this.#world.config.trimKeeps !== null) return this.#reader.addTo(out, row, place, nameOf(who));
    const { state, illegal } = this.#world.ledger.folded(row[0] as number);
    if (illegal !== null) return;
    const { adopt, begin } = this.#restarted(state);
    if (adopt !== null)
      out.add(nameOf(who), 'starts anew, reads the ledger, takes the generation over', place, adopt);
    if (begin !== null)
      out.add(nameOf(who), 'starts anew, reads the ledger, wants a new generation', place, begin);
  }

  #step(out: Successors, row: Uint32Array, place: number, who: number, plan: Plan): void {
    switch (plan.kind) {
      case 'append':
        return this.#append(out, row, place, who, plan);
      case 'refused':
        return void this.#world.refusals.push(plan.reason);
      case 'ask-end-txn':
        for (const question of plan.questions) this.#askEndTxn(out, row, place, who, question);
        return;
      case 'ask-log':
        for (const question of plan.questions) this.#askLog(out, row, place, who, question);
        return;
      case 'clean-up':
        for (const { broker, after, label } of plan.steps) {
          if (broker < 0) out.add(nameOf(who), label, place, after);
          else out.add(nameOf(who), label, place, after, broker, this.#cleanedBroker(row[broker] as number));
        }
        return;
      case 'run':
        return this.#run(out, row, place, who, plan.g);
      case 'begin-again':
        return out.add(nameOf(who), 'begins again', place, plan.after);
      case 'halted':
        if (this.#world.config.driver.sweep !== 'also-when-halted') return;
        return this.#sweep(out, row, row[place] as number, who);
      case 'none':
    }
  }

  #append(out: Successors, row: Uint32Array, place: number, who: number, plan: PlannedAppend): void {
    const { ledger, coordinators, config, layout, environments } = this.#world;
    const history = row[layout.ledger] as number;
    if (plan.type === 'Placed' && !config.driver.startAfterPlaced) {
      const state = ledger.states.at(coordinators.all.at(row[place] as number).known);
      const early = ledger.withEarlyStarts(history, state, incarnationOf(config, who));
      out.add(nameOf(who), 'sends Start before Placed is in the ledger', layout.ledger, early);
    }
    if (config.delayedPuts > 0) {
      const environment = this.#world.environment(row);
      if (environment.puts.length < config.delayedPuts) {
        const puts = [...environment.puts, [plan.at, plan.entry] as const];
        const later = environments.id({
          ...environment,
          puts: puts.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
        });
        const label = `puts ${plan.name} at ${plan.at}, which is under way when it crashes`;
        out.add(nameOf(who), label, layout.environment, later, place, coordinators.idle);
      }
    }
    this.#putNow(out, row, place, who, plan);
  }

  #putNow(out: Successors, row: Uint32Array, place: number, who: number, plan: PlannedAppend): void {
    const { ledger, coordinators, config, layout } = this.#world;
    const history = row[layout.ledger] as number;
    const at = this.#placeOf(history, plan);
    const result = this.#put(history, at, plan.entry);
    const counts =
      config.trimKeeps === null ||
      entryCounts(at, ledger.histories.at(history).trim?.trimmedThrough ?? -1, config.rules);
    const id = row[place] as number;
    const after = counts ? this.#foldedOn(id, result.there, result.created ? 1 : 0) : coordinators.idle;
    const taken = result.created ? '' : `: ${nameEntry(ledger.entries.at(result.there))} is there`;
    const label = `appends ${plan.name} at ${at}${counts ? taken : ': trimmed away, it is fenced'}`;
    out.add(nameOf(who), label, place, after, layout.ledger, result.history);
  }

  /** D1: with the rule off a verdict goes to wherever the ledger ends. */
  #placeOf(history: number, plan: PlannedAppend): number {
    const isVerdict = plan.type === 'Committed' || plan.type === 'Abandoned' || plan.type === 'Torn';
    if (this.#world.config.rules.verdictAtReadPosition || !isVerdict) return plan.at;
    return Math.max(plan.at, this.#world.ledger.histories.at(history).entries.length);
  }

  #askEndTxn(out: Successors, row: Uint32Array, place: number, who: number, question: Question): void {
    const { broker: at, slot, producerEpoch } = question;
    const { broker, answer } = this.#endTxn(row[at] as number, slot, producerEpoch);
    const after = this.#plans.learntEndTxn(row[place] as number, question.handle, answer);
    const label = `EndTxn(commit) of ${question.what}: ${endTxnAnswers[answer]}`;
    out.add(nameOf(who), label, place, after, at, broker);
  }

  #askLog(out: Successors, row: Uint32Array, place: number, who: number, question: Question): void {
    const { brokers, config } = this.#world;
    const broker = brokers.at(row[question.broker] as number);
    const answer = config.log === 'silent' ? 'silent' : logAnswer(broker, question.first);
    const after = this.#plans.learntLog(row[place] as number, question.handle, logAnswers.indexOf(answer));
    out.add(nameOf(who), `asks the log about ${question.what}: ${answer}`, place, after);
  }

  #run(out: Successors, row: Uint32Array, place: number, who: number, g: number): void {
    const { coordinators, config, refusals } = this.#world;
    const id = row[place] as number;
    const plan = this.#running.of(row, id, g);
    if (plan.append !== null) this.#append(out, row, place, who, plan.append);
    if (plan.refused !== null) refusals.push(plan.refused);
    const again = this.#running.beginsAgain(id);
    const why = plan.ends ?? 'gives its generation up for lost';
    if (again !== coordinators.idle) out.add(nameOf(who), why, place, again);
    if (config.driver.sweep !== 'never') this.#sweep(out, row, id, who);
    if (config.trimKeeps !== null) this.#trim(out, row, place, who);
  }

  /** What ListTransactions shows open in generations whose verdict is recorded is ended. */
  #sweep(out: Successors, row: Uint32Array, id: number, who: number): void {
    for (const { place, label } of this.#running.swept(id)) {
      const broker = row[place] as number;
      if (this.#isOpen(broker)) out.add(nameOf(who), label, place, this.#cleanedBroker(broker));
    }
  }

  #trim(out: Successors, row: Uint32Array, place: number, who: number): void {
    const { coordinators, ledger, layout } = this.#world;
    const id = row[place] as number;
    const trimmed = ledger.trim(row[layout.ledger] as number, coordinators.all.at(id).known);
    if (trimmed === null) return;
    const through = ledger.histories.at(trimmed.history).trim?.trimmedThrough;
    const label = `puts the trim record: trimmed through ${through}`;
    out.add(
      nameOf(who),
      label,
      place,
      coordinators.knowing(id, trimmed.summary),
      layout.ledger,
      trimmed.history,
    );
  }
}

function cleaned(broker: Broker): Broker {
  let after = broker;
  for (let slot = 0; slot < slotCount; slot += 1) after = initByCleaner(after, slot);
  return after;
}

const nameOf = (who: number): string => (who === 0 ? 'C0' : 'C1');
