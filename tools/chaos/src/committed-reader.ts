/** A committed record as the judge sees it. */
export interface JudgedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}

/** Reads committed records, with nothing of Weir's own fetch code. */
export interface CommittedReader {
  /** For people: what it is. */
  readonly name: string;
  /** Every committed record of a topic, from its beginning up to where readers get; partitions may be mixed. */
  read(topic: string, onRecord: (record: JudgedRecord) => void): Promise<void>;
}
