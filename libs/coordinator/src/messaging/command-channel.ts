import type { SubtaskHandle } from '@weir/epoch-protocol/sink-handle.ts';
import type { ControlMessage } from '@weir/wire/gen/weir/internal/v1/control.ts';

/** The bus between the coordinator and the subtasks of one generation. Nothing is assumed of delivery. */
export interface CommandChannel {
  inject(e: number, parent: number, final: boolean, traceparent: string): void;
  commit(e: number, handles: readonly SubtaskHandle[], traceparent: string): void;
  askAcknowledgements(e: number): void;
  close(): void;
}

/** What subtasks say, of this generation only. */
export type SubtaskMessage = Pick<ControlMessage, 'epoch' | 'sender' | 'body'>;
