import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { DriverLease } from '@weir/control-bus/driver-lease.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { created } from './created.ts';
import { failed } from './failed.ts';
import { finished } from './finished.ts';
import { halted } from './halted.ts';
import type { JobExit, JobPhase, PhaseResult } from './job-phase.ts';
import { Job } from './job.ts';
import { readLedger } from '../checkpoint/read-ledger.ts';
import type { JobStatus } from './job-status.ts';
import { assertTransition } from './job-transitions.ts';
import { problemOf } from '../problem.ts';
import { recovering } from './recovering.ts';
import { resume } from './resume.ts';
import { running } from './running.ts';
import { starting } from './starting.ts';
import { StatusBoard } from './status-board.ts';
import { stopped } from './stopped.ts';
import { stopping } from './stopping.ts';
import { SupersededTasks } from './superseded-tasks.ts';
import { WakeUp } from './wake-up.ts';

/** After a defect, or a ledger that can't be read. */
const afterErrorMs = 2000;

/** One controller's part in one pipeline: drives it while the lease is here, listens otherwise. The ledger decides, the lease only hints. */
export class JobDriver {
  readonly #context: CoordinatorContext;
  readonly #lease: DriverLease;
  readonly #board: StatusBoard;
  readonly #wakeUp: WakeUp;
  readonly #closed = new AbortController();
  readonly #loop: Promise<void>;
  readonly #listeners = new Set<() => void>();
  #record: PipelineRecord;
  #driving: { readonly job: Job; readonly stop: AbortController } | null = null;
  #onDeleted: () => void;

  /** @param isNew this process has just created the pipeline: nobody else can be driving it */
  constructor(
    context: CoordinatorContext,
    record: PipelineRecord,
    options: { isNew: boolean; onDeleted: () => void },
  ) {
    this.#context = context;
    this.#record = record;
    this.#onDeleted = options.onDeleted;
    this.#wakeUp = new WakeUp(context.ports.timers);
    const scope = { cluster: context.clusterName, pipeline: record.name, pipelineId: record.id };
    this.#board = new StatusBoard(context.bus, context.ports, scope, context.writer, (status) =>
      this.#noteOther(status),
    );
    this.#lease = new DriverLease({
      bus: context.bus,
      ports: context.ports,
      pipeline: scope,
      controller: context.writer,
      ...(options.isNew ? { listenMs: 0 } : {}),
    });
    this.#lease.onChange((mine) => {
      if (!mine) this.#driving?.stop.abort(new Error('another controller drives the pipeline'));
      this.#wakeUp.notify();
    });
    this.#loop = this.#run();
  }

  get record(): PipelineRecord {
    return this.#record;
  }

  /** Own status while driving, else what the driving controller said; null when nobody is heard. */
  get status(): JobStatus | null {
    return this.#driving?.job.status ?? this.#board.heard;
  }

  /** True while this controller drives the pipeline. */
  get isDriving(): boolean {
    return this.#driving !== null;
  }

  /** The ledger as the driving job has read it, or read now. */
  async ledgerState(): Promise<LedgerState> {
    if (this.#driving !== null) return this.#driving.job.ledger.state;
    return readLedger(this.#context, this.#record, this.#closed.signal);
  }

  recordChanged(record: PipelineRecord): void {
    if (record === this.#record) return;
    const same = JSON.stringify(record) === JSON.stringify(this.#record);
    this.#record = record;
    if (same) return;
    this.#driving?.job.recordChanged(record);
    this.#changed();
  }

  /** Called when status or record have changed. Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops driving; the tasks go on, another controller may take them over. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the controller ends'));
    this.#driving?.stop.abort(this.#closed.signal.reason);
    await this.#loop;
    this.#lease.close();
    this.#board.close();
    this.#changed();
  }

  async #run(): Promise<void> {
    while (!this.#closed.signal.aborted) {
      if (!this.#lease.mine) {
        await this.#wakeUp.wait(60_000, this.#closed.signal);
        continue;
      }
      const exit = await this.#drive();
      if (exit?.exit === 'step-back') this.#lease.stepBack();
      if (exit?.exit === 'deleted') {
        this.#onDeleted();
        return;
      }
    }
  }

  /** Null when it was told to stop, or is to begin again. */
  async #drive(): Promise<JobExit | null> {
    const stop = new AbortController();
    const job = new Job(this.#context, this.#record, stop.signal, (status) => {
      if (stop.signal.aborted) return;
      this.#board.tell(status);
      this.#changed();
    });
    this.#driving = { job, stop };
    const superseded = new SupersededTasks(job);
    try {
      return await Promise.race([this.#phases(job), aborted(stop.signal)]);
    } catch (error) {
      if (stop.signal.aborted) return null;
      this.#context.log.error(
        { pipeline: this.#record.name, error: describeError(error) },
        'the driver of a pipeline begins again',
      );
      job.show({ problem: problemOf(error, 'retry') });
      await job.pause(afterErrorMs);
      return null;
    } finally {
      superseded.close();
      this.#board.tell(null);
      this.#driving = null;
      this.#changed();
    }
  }

  async #phases(job: Job): Promise<JobExit> {
    let phase = await resume(job);
    for (;;) {
      job.show({ state: phase.state });
      job.log(`the pipeline is ${phase.state}`);
      const next = await enter(job, phase);
      if ('exit' in next) return next;
      assertTransition(phase.state, next.state);
      phase = next;
    }
  }

  #noteOther(status: JobStatus): void {
    if (this.#driving !== null) return;
    this.#context.slots.hold(this.#record.id, new Map(Object.entries(status.slots)));
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A phase may wait for a server that doesn't answer: whoever stops driving doesn't wait with it. Its ledger refuses further appends. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function enter(job: Job, phase: JobPhase): Promise<PhaseResult> {
  switch (phase.state) {
    case 'created':
      return created(job);
    case 'starting':
      return starting(job);
    case 'recovering':
      return recovering(job, phase);
    case 'running':
      return running(job, phase);
    case 'stopping':
      return stopping(job, phase);
    case 'stopped':
      return stopped(job);
    case 'finished':
      return finished(job);
    case 'failed':
      return failed(job, phase);
    case 'halted':
      return halted(job);
  }
}
