import { type Diagnostic, DiagnosticFailure } from '../../diagnostics/diagnostic.ts';
import { Abandoned } from './query-place.ts';

/** Runs parts one by one, reports what is wrong with each, and goes on: so that a query's several mistakes are told at once. */
export class Attempts {
  readonly #report: (diagnostic: Diagnostic) => void;
  #failed = false;

  constructor(report: (diagnostic: Diagnostic) => void) {
    this.#report = report;
  }

  try<T>(part: () => T): T | undefined {
    try {
      return part();
    } catch (error) {
      this.#failed = true;
      if (error instanceof DiagnosticFailure) this.#report(error.diagnostic);
      else if (!(error instanceof Abandoned)) throw error;
      return undefined;
    }
  }

  /** @throws Abandoned if any part failed */
  finish(): void {
    if (this.#failed) throw new Abandoned();
  }
}
