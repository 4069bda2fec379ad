import type { Batch } from '@weir/columnar/batch.ts';
import type { FramePartitioner } from './frame-port.ts';
import type { OutboundChannel } from './outbound-channel.ts';

/**
 * The sending side of an exchange in one subtask, which the record path has as one of its ends: rows by key group into frames, one channel a receiving subtask.
 *
 * X1  A watermark is sent at the end of the subtask's turn and before a barrier, the last one only: rows that came before it are
 *     sent before it.
 */
export class ExchangeSend {
  readonly #partitioner: FramePartitioner;
  readonly #channels: readonly (OutboundChannel | undefined)[];
  readonly #sendFrame: (to: number, bytes: Uint8Array) => void;
  #unsentWatermark: number | null = null;

  /** @param channels by receiving subtask; a forward exchange has only its own */
  constructor(partitioner: FramePartitioner, channels: readonly (OutboundChannel | undefined)[]) {
    this.#partitioner = partitioner;
    this.#channels = channels;
    this.#sendFrame = (to, bytes) => this.#channels[to]?.put({ kind: 'frame', bytes });
  }

  write(batch: Batch): void {
    this.#partitioner.split(batch, this.#sendFrame);
  }

  watermark(micros: number): void {
    this.#unsentWatermark = micros;
  }

  idle(idle: boolean): void {
    this.flush();
    for (const channel of this.#channels) channel?.put({ kind: 'idle', idle });
  }

  hasRoom(notify: () => void): boolean {
    let room = true;
    for (const channel of this.#channels) {
      if (channel !== undefined && !channel.hasRoom(notify)) room = false;
    }
    return room;
  }

  /** Sends the watermark that waits (X1). */
  flush(): void {
    if (this.#unsentWatermark === null) return;
    const micros = this.#unsentWatermark;
    this.#unsentWatermark = null;
    for (const channel of this.#channels) channel?.put({ kind: 'watermark', micros });
  }

  barrier(epoch: number, final: boolean): void {
    this.flush();
    for (const channel of this.#channels) channel?.put({ kind: 'barrier', epoch, final });
  }
}
