import { nextStartStep, type StartFacts, type StartStep } from '@weir/epoch-protocol/generation-start.ts';
import type { LedgerEntryBody, LedgerEntryKind, PlacedBody } from '@weir/epoch-protocol/ledger-entries.ts';
import {
  baseOf,
  currentGeneration,
  type EpochRecord,
  type GenerationRecord,
} from '@weir/epoch-protocol/ledger-state.ts';
import { unaskedFacts, type HandleFacts } from '@weir/epoch-protocol/recovery-verdict.ts';
import type { SubtaskKafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { sinkKey } from '@weir/epoch-protocol/sink-handle.ts';
import { dispositionOf, WeirError } from '@weir/kernel/errors.ts';
import { placeSubtasks, slotsOf } from '../schedule/place-subtasks.ts';
import { attend, Interrupted } from '../job/attend.ts';
import type { Job } from '../job/job.ts';
import { problemOf } from '../problem.ts';
import { cancelPlaced } from '../job/cancel-tasks.ts';
import { restoreWish } from '../job/wishes.ts';
import { generationPlanOf, proposeGeneration } from './generation-plan.ts';
import { RecoverySinks } from './recovery-sinks.ts';
import { resolveEpochZero } from './resolve-start.ts';

/** `start`: somebody wished it. `failure`: a generation was lost; it counts as a restart. */
export type BeginReason = 'start' | 'failure';

export interface BringUpOptions {
  readonly purpose: 'run' | 'stop';
  /** The generation to go on with (a takeover), null to begin another. */
  readonly mine: number | null;
  readonly reason: BeginReason;
  /** True when the wishes have changed so that this should not go on. */
  readonly interrupted: () => boolean;
}

export type BroughtUp =
  | {
      readonly kind: 'run';
      readonly base: EpochRecord;
      readonly generation: GenerationRecord;
      readonly placed: PlacedBody;
    }
  | { readonly kind: 'halted' }
  | { readonly kind: 'stopped' }
  /** Another coordinator is at work on this pipeline. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'interrupted' };

/**
 * Steps 0-4 of "Starting a generation": from the ledger to a generation whose tasks may be started, or to one that is stopped or halted.
 * Every decision is `nextStartStep`'s; this gathers facts and does what it says.
 * @throws WeirError with disposition fatal: for `purpose: 'run'` only, and never while a decided epoch waits for its verdict
 */
export async function bringUpGeneration(job: Job, options: BringUpOptions): Promise<BroughtUp> {
  const sinks = new RecoverySinks(job.context, job.scope);
  try {
    return await new GenerationStart(job, options, sinks).run();
  } finally {
    await sinks.close();
  }
}

/** What an entry is called among the steps at which a process can be made to fail. */
const failpointOf: Partial<Record<LedgerEntryKind, 'generation' | 'record' | 'place' | 'stop'>> = {
  Generation: 'generation',
  Committed: 'record',
  Abandoned: 'record',
  Torn: 'record',
  Placed: 'place',
  Stopped: 'stop',
};

class GenerationStart {
  readonly #job: Job;
  readonly #options: BringUpOptions;
  readonly #sinks: RecoverySinks;
  #facts: StartFacts;
  #factsOf: EpochRecord | null = null;
  #reason: BeginReason;
  #superseded: Promise<void> = Promise.resolve();
  #delayMs = 50;

  constructor(job: Job, options: BringUpOptions, sinks: RecoverySinks) {
    this.#job = job;
    this.#options = options;
    this.#sinks = sinks;
    this.#reason = options.reason;
    this.#facts = {
      state: job.ledger.state,
      mine: options.mine,
      purpose: options.purpose,
      proposal: null,
      handleFacts: [],
      cleanedUp: false,
      placement: null,
      restore: null,
      isAlive: (incarnation) => job.context.suspicion.isAlive(incarnation),
    };
  }

  async run(): Promise<BroughtUp> {
    for (;;) {
      this.#job.signal.throwIfAborted();
      if (this.#options.interrupted()) return { kind: 'interrupted' };
      try {
        const done = await this.#step();
        if (done !== null) return done;
      } catch (error) {
        if (this.#job.signal.aborted) throw error;
        if (error instanceof Interrupted) return { kind: 'interrupted' };
        const disposition = dispositionOf(error);
        if (disposition === 'fenced') return { kind: 'lost' };
        if (disposition === 'fatal' && this.#mayFail()) throw error;
        await this.#again(error);
      }
    }
  }

  /** What is decided must be ended first: while it has no verdict, a refused password or a missing permission is asked again until it is mended. */
  #mayFail(): boolean {
    return this.#options.purpose === 'run' && baseOf(this.#job.ledger.state)?.status !== 'decided';
  }

  async #step(): Promise<BroughtUp | null> {
    this.#refreshFacts();
    const step = nextStartStep(this.#facts);
    switch (step.step) {
      case 'append':
        return this.#append(step.at, step.entry);
      case 'ask-end-txn':
      case 'ask-log':
        return this.#ask(step);
      case 'clean-up':
        await this.#cleanUp(step.generations);
        return null;
      case 'wait':
        return this.#provide(step.missing);
      case 'cannot-restore':
        throw new WeirError(
          'WEIR-7117',
          `epoch ${step.from} can't be gone back to: it is no committed epoch that is still kept`,
          {
            hint: `weir checkpoints ${this.#job.record.name} lists those that are; weir start ${this.#job.record.name} goes on from the last one`,
          },
        );
      case 'begin-again':
        this.#reason = 'failure';
        this.#facts = { ...this.#facts, mine: null, proposal: null, placement: null, cleanedUp: false };
        await this.#job.pause(this.#nextDelayMs());
        return null;
      case 'run':
        this.#job.context.slots.hold(this.#job.scope.pipelineId, slotsOf(step.placed.subtasks));
        this.#job.show({ slots: Object.fromEntries(slotsOf(step.placed.subtasks)) });
        await this.#superseded;
        return { kind: 'run', base: step.base, generation: step.generation, placed: step.placed };
      case 'fenced':
        return { kind: 'lost' };
      case 'halted':
      case 'stopped':
        return { kind: step.step };
    }
  }

  /** The facts about handles hold for one base only. */
  #refreshFacts(): void {
    const { state } = this.#job.ledger;
    const base = baseOf(state);
    const same =
      base !== null && base.body.e === this.#factsOf?.body.e && base.body.g === this.#factsOf.body.g;
    const handleFacts = same ? this.#facts.handleFacts : unaskedFacts(base?.body.handles ?? []);
    this.#factsOf = base;
    this.#facts = { ...this.#facts, state, handleFacts, restore: restoreWish(this.#job.record) };
  }

  async #append(at: number, entry: LedgerEntryBody): Promise<BroughtUp | null> {
    const before = currentGeneration(this.#job.ledger.state);
    const { failpoints } = this.#job.context;
    const step = failpointOf[entry.kind];
    if (step !== undefined) failpoints.reached(`${step}.before`);
    const outcome = await this.#job.ledger.append(at, entry);
    if (step !== undefined) failpoints.reached(`${step}.after`);
    this.#job.showLedger();
    if (outcome === 'lost') return { kind: 'lost' };
    this.#job.log(`ledger: ${entry.kind}`, { entry: entry.kind, position: at });
    if (entry.kind === 'Epoch' && entry.restored !== undefined)
      this.#job.log(`it goes back to epoch ${entry.restored.from}`, { epoch: entry.e });
    if (entry.kind === 'Generation') {
      this.#facts = { ...this.#facts, mine: entry.g, cleanedUp: false };
      this.#job.context.metrics.generationBegun(this.#job.record.name);
      // Zombies of the generation before are fenced by the ledger; ending them frees their slots.
      if (before?.placed) this.#superseded = cancelPlaced(this.#job, before.body.g, before.placed);
    }
    this.#delayMs = 50;
    return null;
  }

  async #ask(step: StartStep & { readonly step: 'ask-end-txn' | 'ask-log' }): Promise<null> {
    const asked = await this.#attend(
      'brokers, whether the last epoch is committed',
      Promise.allSettled(step.handles.map((handle) => this.#askOne(step, handle))),
    );
    const reasons = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : (one.value ?? [])));
    if (reasons.length === 0) return null;
    const [reason] = reasons;
    if (reason instanceof Error) throw reason;
    throw new WeirError(
      'WEIR-7106',
      `whether epoch ${this.#factsOf?.body.e ?? 0} is committed can't be told yet (${reasons.length} of ${step.handles.length} transactions): ${String(reason)}`,
      { disposition: 'retry' },
    );
  }

  /** Takes the answer into the facts; returns why it must be asked again. */
  async #askOne(
    step: StartStep & { readonly step: 'ask-end-txn' | 'ask-log' },
    handle: SubtaskKafkaHandle,
  ): Promise<string | null> {
    if (step.step === 'ask-end-txn') {
      const { failpoints } = this.#job.context;
      failpoints.reached('end-transaction.before');
      const { answer, again } = await this.#sinks.endTransaction(step.sinks, handle);
      failpoints.reached('end-transaction.after');
      this.#learn(handle, { endTxn: answer });
      return again;
    }
    const { answer, again } = await this.#sinks.askLog(step.sinks, handle);
    this.#learn(handle, { log: answer });
    return again;
  }

  #learn(handle: SubtaskKafkaHandle, answer: Partial<Pick<HandleFacts, 'endTxn' | 'log'>>): void {
    const handleFacts = this.#facts.handleFacts.map((fact) =>
      sinkKey(fact.handle) === sinkKey(handle) ? { ...fact, ...answer } : fact,
    );
    this.#facts = { ...this.#facts, handleFacts };
  }

  async #cleanUp(generations: readonly GenerationRecord[]): Promise<void> {
    const { failpoints } = this.#job.context;
    failpoints.reached('clean-up.before');
    await this.#attend('brokers, to end what hangs', this.#sinks.cleanUp(generations));
    failpoints.reached('clean-up.after');
    this.#facts = { ...this.#facts, cleanedUp: true };
  }

  async #provide(missing: 'proposal' | 'placement' | 'epoch-0'): Promise<BroughtUp | null> {
    const { context, scope, record, ledger } = this.#job;
    if (missing === 'epoch-0') {
      const entry = await this.#attend(
        'where the sources begin',
        resolveEpochZero(context, scope, record.plan),
      );
      return this.#append(ledger.state.nextPosition, entry);
    }
    if (missing === 'proposal') {
      this.#facts = { ...this.#facts, proposal: await this.#attend("the sinks' servers", this.#propose()) };
      return null;
    }
    return this.#place();
  }

  async #propose(): Promise<StartFacts['proposal']> {
    const { context, scope, record, ledger } = this.#job;
    const before = currentGeneration(ledger.state);
    const failures = before === null ? 0 : generationPlanOf(before.body).failures;
    if (this.#options.purpose === 'stop' && before !== null) {
      // Nothing will run: no server need be asked.
      const plan = { ...generationPlanOf(before.body), starts: record.starts, restarts: record.restarts };
      return { plan, parallelism: before.body.parallelism, sinks: before.body.sinks };
    }
    return proposeGeneration(context, scope, record, failures + (this.#reason === 'failure' ? 1 : 0));
  }

  #attend<T>(what: string, work: Promise<T>): Promise<T> {
    return attend(this.#job, what, work, this.#options.interrupted);
  }

  async #place(): Promise<null> {
    const { context, scope, ledger } = this.#job;
    const current = currentGeneration(ledger.state);
    if (current === null) return null;
    await this.#superseded;
    const settlesInMs = (context.workers.settlesAtMs ?? 0) - this.#job.now();
    if (settlesInMs > 0) {
      await this.#job.pause(settlesInMs);
      return null;
    }
    const offers = context.suspicion.usable().map(({ incarnation, address, slots }) => ({
      incarnation,
      address,
      freeSlots: slots - context.slots.heldByOthers(incarnation, scope.pipelineId),
    }));
    const placement = placeSubtasks(generationPlanOf(current.body).plan, current.body.parallelism, offers);
    if (placement.kind === 'placed') {
      this.#facts = { ...this.#facts, placement: placement.subtasks };
      this.#job.showProblem(null);
      return null;
    }
    this.#job.showProblem({
      code: 'WEIR-7107',
      message: `it waits for workers: ${placement.message}`,
      hint: 'start more workers, stop another pipeline, or lower the parallelism',
      transient: true,
    });
    await this.#job.pause(250);
    await this.#noteOthers();
    return null;
  }

  /** What came back wrong is shown and asked again, unless somebody else went on meanwhile. */
  async #again(error: unknown): Promise<void> {
    this.#job.showProblem(problemOf(error, 'retry'));
    await this.#job.pause(this.#nextDelayMs());
    await this.#noteOthers();
  }

  async #noteOthers(): Promise<void> {
    await this.#job.ledger.read();
  }

  #nextDelayMs(): number {
    const delay = this.#delayMs;
    this.#delayMs = Math.min(1000, delay * 2);
    return delay;
  }
}
