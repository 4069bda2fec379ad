import type { Batch } from '@weir/columnar/batch.ts';
import { maxBatchRows } from '@weir/operators/operator.ts';
import type { ChainEnd } from './chain-end.ts';
import type { FramePartitioner } from './frame-port.ts';
import type { OutboundChannel } from './outbound-channel.ts';

/**
 * The sending side of an exchange in one subtask: rows by key group into frames, one channel a receiving subtask.
 *
 * X1  Small batches are collected: a frame leaves when it is large enough, at the end of the subtask's turn, and before a barrier.
 * X2  A watermark may wait for the frame, never overtake it: rows that came before it are sent before it.
 */
export class ExchangeSend implements ChainEnd {
  readonly #partitioner: FramePartitioner;
  readonly #channels: readonly (OutboundChannel | undefined)[];
  #unsentWatermark: number | null = null;
  #hasRows = false;

  /** @param channels by receiving subtask; a forward exchange has only its own */
  constructor(partitioner: FramePartitioner, channels: readonly (OutboundChannel | undefined)[]) {
    this.#partitioner = partitioner;
    this.#channels = channels;
  }

  write(batch: Batch): void {
    this.#partitioner.add(batch);
    this.#hasRows = true;
    for (let to = 0; to < this.#channels.length; to += 1) {
      if (this.#partitioner.rows(to) >= maxBatchRows) this.#sendFrame(to);
    }
  }

  watermark(micros: number): void {
    this.#unsentWatermark = micros;
  }

  hasRoom(notify: () => void): boolean {
    let room = true;
    for (const channel of this.#channels) {
      if (channel !== undefined && !channel.hasRoom(notify)) room = false;
    }
    return room;
  }

  /** Sends what is collected (X1). */
  flush(): void {
    if (this.#hasRows) for (let to = 0; to < this.#channels.length; to += 1) this.#sendFrame(to);
    this.#hasRows = false;
    if (this.#unsentWatermark === null) return;
    const micros = this.#unsentWatermark;
    this.#unsentWatermark = null;
    for (const channel of this.#channels) channel?.put({ kind: 'watermark', micros }); // X2
  }

  barrier(epoch: number, final: boolean): void {
    this.flush();
    for (const channel of this.#channels) channel?.put({ kind: 'barrier', epoch, final });
  }

  #sendFrame(to: number): void {
    const bytes = this.#partitioner.take(to);
    if (bytes !== undefined) this.#channels[to]?.put({ kind: 'frame', bytes });
  }
}
