import type { Job } from '../job/job.ts';

export class Housekeeping {
  readonly #job: Job;
  constructor(job: Job) {
    this.#job = job;
  }
  attend(): void {
    void this.#job;
  }
  async stop(): Promise<void> {}
}
