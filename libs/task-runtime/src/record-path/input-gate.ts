import { barrierArrived, isBlocked, newAlignment, type Alignment } from '@weir/epoch-protocol/alignment.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { ChainNode } from './chain-node.ts';
import type { FrameDecoder } from '../exchange/frame-port.ts';
import { MergedStreams } from './merged-streams.ts';
import type { InboundChannel } from '../exchange/inbound-channel.ts';
import type { OperatorChain } from './operator-chain.ts';

/** One input of an operator that comes through an exchange: its channels in the order of the sending subtasks. */
export interface ExchangeInput {
  readonly node: ChainNode;
  readonly input: number;
  readonly decoder: FrameDecoder;
  readonly channels: readonly InboundChannel[];
}

interface GateChannel {
  readonly input: GateInput;
  readonly channel: InboundChannel;
  /** Its position among the channels of the input. */
  readonly index: number;
}

interface GateInput {
  readonly exchange: ExchangeInput;
  readonly streams: MergedStreams;
  /** What the operator was told. */
  watermark: number;
  idle: boolean;
}

export interface PassedBarrier {
  readonly epoch: number;
  readonly final: boolean;
  /** Monotonic ms at which the first channel brought it. */
  readonly firstArrivalMs: number;
}

/**
 * All inputs of a subtask with its barrier alignment. The sources of the subtask together are one more channel: the controller's
 * Inject is their barrier.
 *
 * G1  A channel that brought the barrier isn't read until all have (alignment.ts); its elements wait within its credit.
 * G2  The watermark of an input is that of its channels together (merged-streams.ts), and never goes back.
 */
export class InputGate {
  readonly #channels: readonly GateChannel[];
  /** Index of the sources' channel, -1 when there are none. */
  readonly #sourceChannel: number;
  #alignment: Alignment;
  #firstArrivalMs = 0;
  #passed: PassedBarrier | null = null;
  #next = 0;

  constructor(exchanges: readonly ExchangeInput[], hasSources: boolean, firstEpoch: number) {
    this.#channels = exchanges.flatMap((exchange) => {
      const streams = new MergedStreams(exchange.channels.length);
      const input: GateInput = { exchange, streams, watermark: -Infinity, idle: false };
      return exchange.channels.map((channel, index) => ({ input, channel, index }));
    });
    this.#sourceChannel = hasSources ? this.#channels.length : -1;
    this.#alignment = newAlignment(this.#channels.length + (hasSources ? 1 : 0), firstEpoch);
  }

  /** The epoch whose barrier is awaited. */
  get epoch(): number {
    return this.#alignment.epoch;
  }

  get sourcesBlocked(): boolean {
    return this.#sourceChannel >= 0 && isBlocked(this.#alignment, this.#sourceChannel);
  }

  /** True when every exchange input has ended. */
  get ended(): boolean {
    return this.#channels.every(({ input, index }) => input.streams.watermarkOf(index) === Infinity);
  }

  /** The barrier of the sources. */
  injected(epoch: number, final: boolean, nowMs: number): void {
    assert(this.#sourceChannel >= 0, 'only a subtask with sources takes an Inject');
    this.#arrived(this.#sourceChannel, epoch, final, nowMs);
  }

  /** The barrier that has passed since the last call. Its epoch's snapshot comes before any further step. */
  takePassed(): PassedBarrier | null {
    const passed = this.#passed;
    this.#passed = null;
    return passed;
  }

  /** Reads one element of a channel that isn't blocked, in turn. False when there is none. */
  step(chain: OperatorChain, nowMs: () => number): boolean {
    const count = this.#channels.length;
    for (let tried = 0; tried < count; tried += 1) {
      const index = (this.#next + tried) % count;
      const entry = present(this.#channels[index], 'a channel of the gate');
      if (isBlocked(this.#alignment, index)) continue; // G1
      const element = entry.channel.peek();
      if (element === undefined) continue;
      this.#next = (index + 1) % count;
      const { input } = entry;
      switch (element.kind) {
        case 'frame':
          chain.batch(
            input.exchange.node,
            input.exchange.input,
            input.exchange.decoder.decode(element.bytes),
          );
          break;
        case 'watermark':
          input.streams.advance(entry.index, element.micros);
          this.#passOn(input, chain);
          break;
        case 'idle':
          input.streams.setIdle(entry.index, element.idle);
          this.#passOn(input, chain);
          break;
        case 'barrier':
          this.#arrived(index, element.epoch, element.final, nowMs());
          break;
      }
      entry.channel.shift();
      return true;
    }
    return false;
  }

  /** G2 */
  #passOn(input: GateInput, chain: OperatorChain): void {
    const { exchange, streams } = input;
    const { watermark, idle } = streams;
    if (watermark > input.watermark) {
      input.watermark = watermark;
      chain.watermark(exchange.node, exchange.input, watermark);
    }
    if (idle !== input.idle) {
      input.idle = idle;
      chain.inputIdle(exchange.node, exchange.input, idle);
    }
  }

  #arrived(channel: number, epoch: number, final: boolean, nowMs: number): void {
    if (this.#alignment.blockedCount === 0) this.#firstArrivalMs = nowMs;
    const { state, passed } = barrierArrived(this.#alignment, channel, epoch);
    this.#alignment = state;
    if (passed) this.#passed = { epoch, final, firstArrivalMs: this.#firstArrivalMs };
  }
}
