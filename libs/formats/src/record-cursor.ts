/** What a format's readers read a record with, as far as the decoder has to know. */
export interface RecordCursor {
  readonly data: Uint8Array;
  readonly at: number;
  /** The field being read, for messages. */
  where: string;
  /** Whose bytes the next records are. */
  use(data: Uint8Array): void;
  begin(start: number, end: number): void;
}
