/**
 * What travels on a channel of an exchange, in its order. A watermark of +Infinity says that the sender's inputs have ended; barriers
 * go on after it. While `idle` is true the channel doesn't hold watermarks back.
 */
export type ChannelElement =
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'watermark'; readonly micros: number }
  | { readonly kind: 'barrier'; readonly epoch: number; readonly final: boolean }
  | { readonly kind: 'idle'; readonly idle: boolean };

/** One sending subtask to one receiving subtask through one exchange of the plan. */
export interface ChannelId {
  readonly exchange: string;
  readonly from: number;
  readonly to: number;
}

export function channelKey(id: ChannelId): string {
  return `${id.exchange}:${id.from}>${id.to}`;
}

/** Only frames cost credit: a watermark or barrier is never held back but by the frames before it. */
export function creditOf(element: ChannelElement): number {
  return element.kind === 'frame' ? element.bytes.length : 0;
}
