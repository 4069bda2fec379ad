import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { FixedWindow } from '@weir/plan/nodes/window-aggregate.ts';
import { multiplyAdd, type Exact } from './expression/functions/exact.ts';

/**
 * Slices of event time: stretches in which no window begins or ends, so that a row is aggregated once, into its slice, and windows
 * are put together from slices. Windows begin every `slide`; within one slide lies at most one end of a window, `cut` after its start
 * (cut = size mod slide). So there are one or two slices a slide, however size and slide divide.
 *
 * Slice number: with cut = 0 the slide's number q; else 2q before the cut and 2q + 1 after it. Window q: [q * slide, q * slide + size).
 *
 * Numbers of slices and windows are safe integers (the compiler wants slides of a millisecond at least, and times end with the year 9999 or
 * thereabouts); the times that they begin and end at need not be: those are exact, a bigint beyond 2^53.
 */
export class WindowSlices {
  readonly size: number;
  readonly slide: number;
  readonly offset: number;
  readonly #cut: number;
  readonly #whole: number;
  readonly #perSlide: 1 | 2;
  /** Cumulating: how many windows begin together; 0: each by itself. Their slices are the steps, and a window's number is that of its last one. */
  readonly #together: number;

  constructor(window: FixedWindow) {
    this.size = window.sizeMicros;
    this.slide = slideOf(window);
    this.#together = window.kind === 'cumulate' ? Math.round(window.sizeMicros / window.stepMicros) : 0;
    this.offset = window.offsetMicros;
    if (!(
      Number.isSafeInteger(this.size) &&
      this.size > 0 &&
      Number.isSafeInteger(this.slide) &&
      this.slide > 0
    )) {
      throw new WeirError(
        'WEIR-2309',
        `a window's size and slide must be above zero, not ${this.size} and ${this.slide} microseconds`,
      );
    }
    this.#cut = this.size % this.slide;
    this.#whole = Math.floor(this.size / this.slide);
    this.#perSlide = this.#cut === 0 ? 1 : 2;
  }

  /** The number of the slice that holds an event time, in microseconds. @throws WeirError WEIR-2309 where it is no safe integer */
  sliceOf(micros: Exact): number {
    const at = typeof micros === 'number' ? micros - this.offset : NaN;
    if (!(at >= -maxSafe && at <= maxSafe)) return this.#sliceOfFar(BigInt(micros) - BigInt(this.offset));
    const slide = Math.floor(at / this.slide);
    if (this.#perSlide === 1) return slide;
    return 2 * slide + (at - slide * this.slide >= this.#cut ? 1 : 0);
  }

  #sliceOfFar(at: bigint): number {
    const by = BigInt(this.slide);
    let rest = at % by;
    if (rest < 0n) rest += by;
    const slide = Number((at - rest) / by);
    const slice = this.#perSlide === 1 ? slide : 2 * slide + (rest >= this.#cut ? 1 : 0);
    if (Number.isSafeInteger(slice)) return slice;
    throw new WeirError(
      'WEIR-2309',
      `an event time of ${at} microseconds since 1970 is too far away for windows every ${this.slide} microseconds`,
      { hint: 'take longer windows, or filter such times' },
    );
  }

  /** Windows that hold a slice: first and last, by number. first > last for the gaps of a hop that is shorter than its slide. */
  firstWindow(slice: number): number {
    if (this.#together > 0) return slice;
    if (this.#perSlide === 1) return slice - this.#whole + 1;
    const slide = Math.floor(slice / 2);
    return slice % 2 === 0 ? slide - this.#whole : slide - this.#whole + 1;
  }

  lastWindow(slice: number): number {
    if (this.#together > 0) return this.#firstTogether(slice) + this.#together - 1;
    return this.#perSlide === 1 ? slice : Math.floor(slice / 2);
  }

  /** Slices of a window: [from, to). */
  slicesOf(window: number): { readonly from: number; readonly to: number } {
    if (this.#together > 0) return { from: this.#firstTogether(window), to: window + 1 };
    const from = window * this.#perSlide;
    const to = (window + this.#whole) * this.#perSlide + (this.#perSlide === 2 ? 1 : 0);
    assert(to > from, 'a window has slices');
    return { from, to };
  }

  #firstTogether(window: number): number {
    return Math.floor(window / this.#together) * this.#together;
  }

  /** Microseconds since 1970 at which a window begins. */
  start(window: number): Exact {
    if (this.#together > 0) return multiplyAdd(this.#firstTogether(window), this.slide, this.offset);
    return multiplyAdd(window, this.slide, this.offset);
  }

  /** Microseconds since 1970 before which it ends. */
  end(window: number): Exact {
    if (this.#together > 0) return multiplyAdd(window + 1, this.slide, this.offset);
    return multiplyAdd(window, this.slide, this.offset + this.size);
  }
}

function slideOf(window: FixedWindow): number {
  if (window.kind === 'hop') return window.slideMicros;
  return window.kind === 'cumulate' ? window.stepMicros : window.sizeMicros;
}

const maxSafe = Number.MAX_SAFE_INTEGER;
