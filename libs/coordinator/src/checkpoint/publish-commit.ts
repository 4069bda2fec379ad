import {
  commitAcknowledged,
  isCommitted,
  newCommitProgress,
  type CommitProgress,
} from '@weir/epoch-protocol/pending-epoch.ts';
import type { EpochRecord } from '@weir/epoch-protocol/ledger-state.ts';
import { sinkKey } from '@weir/epoch-protocol/sink-handle.ts';
import { startSpan, type OpenSpan } from '@weir/telemetry/spans.ts';
import type { CommandChannel } from '../messaging/command-channel.ts';
import { Repeat } from './repeat.ts';

/** A decided epoch on its way to being committed: `Commit` is repeated until every sink subtask has acknowledged it. */
export class CommitPublication {
  readonly epoch: EpochRecord;
  /** When its barrier was injected; null when another coordinator did. */
  readonly injectedAtMs: number | null;
  readonly repeat: Repeat;
  readonly #channel: CommandChannel;
  readonly #span: OpenSpan;
  #progress: CommitProgress;
  #open = true;

  constructor(epoch: EpochRecord, channel: CommandChannel, nowMs: number, injectedAtMs: number | null) {
    this.epoch = epoch;
    this.injectedAtMs = injectedAtMs;
    this.repeat = new Repeat(nowMs, 250, 1000);
    this.#channel = channel;
    this.#progress = newCommitProgress(epoch);
    const { e, g, traceparent } = epoch.body;
    this.#span = startSpan('commit', {
      parent: traceparent,
      attributes: { 'weir.epoch': e, 'weir.generation': g },
    });
  }

  get progress(): CommitProgress {
    return this.#progress;
  }

  get done(): boolean {
    return isCommitted(this.#progress);
  }

  publish(): void {
    const { e, handles } = this.epoch.body;
    this.#channel.commit(e, handles, this.#span.traceparent);
  }

  /** A subtask has committed all its sinks' handles of the epoch. */
  acknowledged(e: number, stage: string, subtask: number): void {
    if (e !== this.#progress.e) return;
    for (const handle of this.epoch.body.handles) {
      if (handle.stage !== stage || handle.subtask !== subtask) continue;
      this.#progress = commitAcknowledged(this.#progress, { g: this.#progress.g, e, sink: sinkKey(handle) });
    }
  }

  /** True once, when it is done: ends the span. */
  takeDone(): boolean {
    if (!this.#open || !this.done) return false;
    this.#open = false;
    this.#span.end();
    return true;
  }

  abandon(): void {
    if (this.#open) this.#span.end({ error: new Error('the generation ended before all had acknowledged') });
    this.#open = false;
  }
}
