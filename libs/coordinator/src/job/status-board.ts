import { readTold } from './job-status-shape.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { statusEveryMs } from '@weir/control-bus/controller-rhythm.ts';
import { envelopeHeaders, readEnvelope } from '@weir/control-bus/envelope.ts';
import { generationPattern, generationSubject } from '@weir/control-bus/subjects.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import type { Ports, TimerHandle } from '@weir/kernel/ports.ts';
import type { JobStatus } from './job-status.ts';

/** Messages between controllers about a pipeline go under generation 0, which has no tasks. */
const betweenControllers = 0;
const leastGapMs = 100;
/** A status that wasn't heard again for so long is out of date. */
const staleAfterMs = 5000;

/** How controllers tell each other what a pipeline does: the one that drives it says so, the others listen. Hints only. */
export class StatusBoard {
  readonly #bus: ControlBus;
  readonly #ports: Ports;
  readonly #scope: PipelineScope;
  readonly #writer: string;
  readonly #unsubscribe: () => void;
  readonly #timer: TimerHandle;
  readonly #onStatus: (status: JobStatus) => void;
  #own: JobStatus | null = null;
  #sentAtMs = -Infinity;
  #pending: TimerHandle | null = null;
  #heard: { readonly status: JobStatus; readonly atMs: number } | null = null;

  constructor(
    bus: ControlBus,
    ports: Ports,
    scope: PipelineScope,
    writer: string,
    onStatus: (status: JobStatus) => void,
  ) {
    this.#bus = bus;
    this.#ports = ports;
    this.#scope = scope;
    this.#writer = writer;
    this.#onStatus = onStatus;
    this.#unsubscribe = bus.subscribe(generationPattern(scope, betweenControllers), (message) => {
      if (readEnvelope(message) === undefined) return;
      const { from, status } = readTold(message.bytes);
      if (from !== this.#writer && status !== undefined) this.#take(status);
    });
    this.#timer = ports.timers.every(statusEveryMs, () => this.#send());
  }

  /** What the driving controller said last; null when it has been silent for too long. */
  get heard(): JobStatus | null {
    if (this.#heard === null) return null;
    return this.#ports.clock.nowMs() - this.#heard.atMs > staleAfterMs ? null : this.#heard.status;
  }

  /** This controller drives: its status, or null when it does no longer. Sent soon, at most ten times a second. */
  tell(status: JobStatus | null): void {
    this.#own = status;
    if (status === null || this.#pending !== null) return;
    const waitMs = this.#sentAtMs + leastGapMs - this.#ports.clock.nowMs();
    if (waitMs <= 0) return this.#send();
    this.#pending = this.#ports.timers.after(waitMs, () => {
      this.#pending = null;
      this.#send();
    });
  }

  close(): void {
    this.#own = null;
    this.#timer.cancel();
    this.#pending?.cancel();
    this.#unsubscribe();
  }

  #take(status: JobStatus): void {
    this.#heard = { status, atMs: this.#ports.clock.nowMs() };
    this.#onStatus(status);
  }

  #send(): void {
    if (this.#own === null) return;
    this.#sentAtMs = this.#ports.clock.nowMs();
    const bytes = new TextEncoder().encode(JSON.stringify({ from: this.#writer, status: this.#own }));
    const subject = generationSubject(this.#scope, betweenControllers, 'status');
    this.#bus.publish(subject, bytes, envelopeHeaders({ messageId: this.#ports.rng.id(12) }));
  }
}
