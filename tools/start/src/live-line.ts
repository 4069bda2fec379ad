/** What one line of progress is made from. */
export interface Sample {
  readonly atMs: number;
  readonly state: string;
  readonly committedEpoch: number;
  /** 0 before the first commit. */
  readonly committedAtMs: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly restarts: number;
  /** Why it does not run, if so. */
  readonly problem: string;
}

/** A counter of a process that may be started anew: counts on from where it was. */
class Total {
  #before = 0;
  #last = 0;

  add(value: number): number {
    if (value < this.#last) this.#before += this.#last;
    this.#last = value;
    return this.#before + value;
  }
}

const rateOverMs = 3000;

/** Turns samples of a pipeline into `epoch 41 committed 0.3 s ago | in 61,320 out 24,071 | 1,998/s in 790/s out | restarts 0`. */
export class LiveLine {
  readonly #in = new Total();
  readonly #out = new Total();
  #recent: { atMs: number; in: number; out: number }[] = [];

  next(sample: Sample): string {
    const now = {
      atMs: sample.atMs,
      in: this.#in.add(sample.recordsIn),
      out: this.#out.add(sample.recordsOut),
    };
    this.#recent.push(now);
    while (this.#recent.length > 2 && now.atMs - (this.#recent[0]?.atMs ?? 0) > rateOverMs)
      this.#recent.shift();
    const first = this.#recent[0] ?? now;
    const seconds = (now.atMs - first.atMs) / 1000;
    const rate = (from: number, to: number) =>
      seconds === 0 ? '0' : Math.round((to - from) / seconds).toLocaleString('en');
    const parts = [
      commitText(sample),
      `in ${now.in.toLocaleString('en')} out ${now.out.toLocaleString('en')}`,
      `${rate(first.in, now.in)}/s in ${rate(first.out, now.out)}/s out`,
      `restarts ${sample.restarts}`,
    ];
    if (sample.state !== 'running') parts.unshift(sample.state);
    if (sample.problem !== '') parts.push(sample.problem);
    return parts.join(' | ');
  }
}

function commitText({ committedEpoch, committedAtMs, atMs }: Sample): string {
  if (committedEpoch === 0) return 'no epoch committed yet';
  const ago = Math.max(0, (atMs - committedAtMs) / 1000).toFixed(1);
  return `epoch ${committedEpoch} committed ${ago} s ago`;
}
