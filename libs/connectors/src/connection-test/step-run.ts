import type { WeirError } from '@weir/kernel/errors.ts';

/** One step of a test of a connection, told when it begins and again when it ends. */
export interface ConnectionTestStep {
  /** `tcp`, `tls`, `sasl`: a stable name. */
  readonly step: string;
  readonly state: 'running' | 'ok' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  /** The option at fault. */
  readonly option: string;
  /** A row that was read, as JSON. */
  readonly rowJson: string;
}

/** What a step has found. */
export interface StepAnswer<T> {
  readonly detail: string;
  readonly found: T;
}

/** What is wrong, and which option would mend it. */
export class StepFailure extends Error {
  readonly option: string;
  readonly error: WeirError;

  constructor(option: string, error: WeirError) {
    super(error.message);
    this.option = option;
    this.error = error;
  }
}

/** The steps of a test, as a connector takes them: behind one that failed the others are skipped. */
export interface StepRun {
  readonly signal: AbortSignal;
  readonly failed: boolean;
  /**
   * @param alone it does not stand on the steps before it
   * @returns what the body has found; undefined when it failed, or one before it did
   */
  step<T>(step: string, body: () => Promise<StepAnswer<T>>, alone?: boolean): Promise<T | undefined>;
  skip(step: string, why: string): void;
  /** A row of a sample: told beside the steps. */
  sample(detail: string, rowJson: string): void;
  /** What options of one connector are called in another that stands on it. */
  renameOptions(names: Readonly<Record<string, string>>): void;
}
