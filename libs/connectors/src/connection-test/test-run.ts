import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import { maskError, type Mask } from '../options/option-mask.ts';
import { StepFailure, type ConnectionTestStep, type StepAnswer, type StepRun } from './step-run.ts';

interface TestRunSettings {
  readonly tell: (step: ConnectionTestStep) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const nothing = { milliseconds: 0, detail: '', code: '', hint: '', option: '', rowJson: '' };

/** The steps of one test, one after the other. Every step comes: behind one that failed the others are skipped. */
export class TestRun implements StepRun {
  readonly signal: AbortSignal;
  readonly #settings: TestRunSettings;
  #masks: readonly Mask[] = [];
  #failed = false;
  #names: Readonly<Record<string, string>> = {};

  constructor(settings: TestRunSettings) {
    this.#settings = settings;
    this.signal = settings.signal;
  }

  /** What is told from now on goes through the mask, which hides what options must not give away. */
  hide(mask: Mask | null): void {
    if (mask !== null) this.#masks = [...this.#masks, mask];
  }

  /** What options of one connector are called in another that stands on it. */
  renameOptions(names: Readonly<Record<string, string>>): void {
    this.#names = names;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /**
   * @param alone it does not stand on the steps before it
   * @returns what the body has found; undefined when it failed, or one before it did
   */
  async step<T>(step: string, body: () => Promise<StepAnswer<T>>, alone = false): Promise<T | undefined> {
    const { tell, clock, signal } = this.#settings;
    if (this.#failed && !alone) {
      this.skip(step, 'a step before it failed');
      return undefined;
    }
    tell({ step, ...nothing, state: 'running' });
    const startedAtMs = clock.monotonicMs();
    const took = (): number => clock.monotonicMs() - startedAtMs;
    try {
      signal.throwIfAborted();
      const { detail, found } = await body();
      tell({ step, ...nothing, state: 'ok', milliseconds: took(), detail: this.#hidden(detail) });
      return found;
    } catch (error) {
      this.#failed = true;
      tell({ step, ...nothing, ...this.#failure(error), state: 'failed', milliseconds: took() });
      return undefined;
    }
  }

  skip(step: string, why: string): void {
    this.#settings.tell({ step, ...nothing, state: 'skipped', detail: why });
  }

  /** A row of a sample, or why it is none: told beside the steps. */
  sample(detail: string, rowJson: string): void {
    this.#settings.tell({ step: 'row', ...nothing, state: 'ok', detail: this.#hidden(detail), rowJson });
  }

  #failure(thrown: unknown): Pick<ConnectionTestStep, 'detail' | 'code' | 'hint' | 'option'> {
    const option = thrown instanceof StepFailure ? thrown.option : '';
    const error = thrown instanceof StepFailure ? thrown.error : thrown;
    const shown = maskError(error, (text) => this.#hidden(text));
    const isOurs = shown instanceof WeirError;
    return {
      detail: isOurs ? shown.message : describeError(shown),
      code: isOurs ? shown.code : '',
      hint: isOurs ? (shown.hint ?? '') : '',
      option: this.#names[option] ?? option,
    };
  }

  #hidden(text: string): string {
    return this.#masks.reduce((shown, mask) => mask(shown), text);
  }
}
