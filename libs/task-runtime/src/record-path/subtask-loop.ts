import type { Clock, TimerHandle, Timers } from '@weir/kernel/ports.ts';
import type { ExchangeSend } from '../exchange/exchange-send.ts';
import type { InputGate, PassedBarrier } from './input-gate.ts';
import type { OperatorChain } from './operator-chain.ts';
import type { SourceInput } from './source-input.ts';
import { turnMs, type Turns } from './turns.ts';
import type { Wakeup } from './wakeup.ts';

export interface LoopParts {
  readonly chain: OperatorChain;
  readonly gate: InputGate;
  readonly sources: readonly SourceInput[];
  readonly sends: readonly ExchangeSend[];
  readonly turns: Turns;
  readonly wakeup: Wakeup;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly closing: AbortSignal;
  /** The barrier has passed all inputs and nothing is pending: snapshot, and send it on. Synchronous. */
  readonly onBarrier: (barrier: PassedBarrier) => void;
  /** Something may have changed since the last epoch. */
  readonly onActivity: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Drives one subtask: rows in from sources and exchanges, through the operators, out to sinks and exchanges, in turns.
 *
 * L1  New rows are read only when nothing is pending and all ends have room: a slow sink stops the fetch.
 * L2  A barrier is taken between batches, when nothing is pending.
 * L3  After a final barrier sources read nothing, until a barrier comes that isn't final: a coordinator that takes over, or a stop that was
 *     taken back, goes on with the same tasks.
 */
export class SubtaskLoop {
  readonly #parts: LoopParts;
  #inject: { readonly epoch: number; readonly final: boolean } | null = null;
  #final = false;
  /** The last step found an end full. */
  #waitsForRoom = false;
  #nextSource = 0;
  #seenChanges = 0;
  #idleTimer: TimerHandle | null = null;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  /** The controller's Inject; repeats, and those for subtasks without sources, change nothing. */
  inject(epoch: number, final: boolean): void {
    const { sources, gate, wakeup } = this.#parts;
    if (sources.length === 0 || epoch < gate.epoch || gate.sourcesBlocked) return;
    this.#inject = { epoch, final };
    wakeup.notify();
  }

  /** Runs until it is closed or fails. */
  async run(): Promise<void> {
    const { turns, wakeup, clock, closing, sends } = this.#parts;
    closing.addEventListener('abort', wakeup.notify, { once: true });
    while (!closing.aborted) {
      await turns.next();
      if (closing.aborted) break;
      const turnEnd = clock.monotonicMs() + turnMs;
      let worked = true;
      while (worked && clock.monotonicMs() < turnEnd) worked = this.#step();
      for (const send of sends) send.flush();
      if (this.#parts.chain.changes !== this.#seenChanges) {
        this.#seenChanges = this.#parts.chain.changes;
        this.#parts.onActivity();
      }
      if (!worked) await this.#rest();
    }
    this.#idleTimer?.cancel();
  }

  /** One thing. False when there is nothing that can be done now. */
  #step(): boolean {
    const { chain, gate, sources, clock, wakeup } = this.#parts;
    this.#waitsForRoom = false;
    if (chain.hasPending) {
      if (!chain.hasRoom(wakeup.notify)) return this.#heldBack();
      chain.drainStep();
      return true;
    }
    const passed = gate.takePassed();
    if (passed !== null) {
      this.#final = passed.final; // L3
      this.#parts.onBarrier(passed);
      return true;
    }
    if (this.#inject !== null) {
      const { epoch, final } = this.#inject;
      this.#inject = null;
      if (epoch >= gate.epoch && !gate.sourcesBlocked) gate.injected(epoch, final, clock.monotonicMs());
      return true;
    }
    if (!chain.hasRoom(wakeup.notify)) return this.#heldBack(); // L1
    if (gate.step(chain, () => clock.monotonicMs())) return true;
    if (this.#final || gate.sourcesBlocked) return false; // L3
    for (let tried = 0; tried < sources.length; tried += 1) {
      const source = sources[(this.#nextSource + tried) % sources.length];
      if (source?.step() === true) {
        this.#nextSource = (this.#nextSource + tried + 1) % sources.length;
        return true;
      }
    }
    return false;
  }

  #heldBack(): false {
    this.#waitsForRoom = true;
    for (const source of this.#parts.sources) source.heldBack();
    return false;
  }

  /** Until something may have changed. */
  async #rest(): Promise<void> {
    const { sources, wakeup, timers, clock, closing, gate } = this.#parts;
    this.#idleTimer?.cancel();
    this.#idleTimer = null;
    // Sources that have rows at hand would wake it up at once, and again and again, while nobody takes their rows.
    if (!this.#final && !gate.sourcesBlocked && !this.#waitsForRoom) {
      let idleAt = Infinity;
      for (const source of sources) {
        source.arm(wakeup.notify, this.#parts.fail, closing);
        idleAt = Math.min(idleAt, source.nextIdleAt());
      }
      if (idleAt !== Infinity) {
        // A millisecond more: a timer may come a little before its time.
        this.#idleTimer = timers.after(Math.max(0, idleAt - clock.monotonicMs()) + 1, wakeup.notify);
      }
    }
    await wakeup.wait();
  }
}
