import type { EpochBody } from '@weir/epoch-protocol/ledger-entries.ts';
import type { Job } from './job.ts';
import type { JobPhase, LiveGeneration, PhaseResult } from './job-phase.ts';
import { conclude } from './conclude.ts';
import { mergeOperators } from './operator-totals.ts';
import { Housekeeping } from '../checkpoint/housekeeping.ts';
import { restartWished, stopWish } from './wishes.ts';

/** Statistics come about once a second from each worker while they change; people see them at most this often. */
const showEveryMs = 500;
/** Workers that fall silent are told of; now and then it is looked at whether one was never heard at all. */
const lookEveryMs = 2000;

/** Tasks run and epochs go through them, until something ends it. Owns the streams and the channel, until it hands them to stopping. */
export async function running(
  job: Job,
  phase: JobPhase & { readonly state: 'running' },
): Promise<PhaseResult> {
  const { live } = phase;
  const housekeeping = new Housekeeping(job);
  job.hasRun = true;
  job.showProblem(null);
  job.showLedger();
  let handedOn = false;
  let shownAtMs = 0;
  let shownStats = -1;
  try {
    for (;;) {
      const next = await oneStep(job, live);
      if (next !== null) {
        handedOn = 'state' in next && next.state === 'stopping' && next.live !== null;
        return next;
      }
      if (live.tasks.statsCount !== shownStats && job.now() - shownAtMs >= showEveryMs) {
        shownAtMs = job.now();
        shownStats = live.tasks.statsCount;
        job.show({ operators: mergeOperators(live.tasks.plan.plan, live.tasks.stats) });
      }
      housekeeping.attend();
      await job.pause(waitMs(job, live, live.tasks.statsCount === shownStats ? lookEveryMs : showEveryMs));
    }
  } finally {
    housekeeping.stop();
    if (!handedOn) letGo(live);
  }
}

/** One look at everything that may have happened. Null: go on. */
async function oneStep(job: Job, live: LiveGeneration): Promise<PhaseResult | null> {
  job.signal.throwIfAborted();
  const lost = live.tasks.lost(job.now());
  if (lost?.fatal) return { state: 'failed', problem: lost.problem };
  if (lost) return { state: 'recovering', mine: null, problem: lost.problem };
  if (stopWish(job.record) === 'checkpoint') return { state: 'stopping', live };
  if (stopWish(job.record) === 'immediate') return { state: 'stopping', live: null };
  if (restartWished(job.record, live.tasks.plan)) return { state: 'recovering', mine: null, problem: null };
  return epochStep(job, live);
}

/** Shared with stopping: moves the epochs on, and says what follows when they are over. */
export async function epochStep(job: Job, live: LiveGeneration): Promise<PhaseResult | null> {
  const outcome = await live.epochs.step();
  switch (outcome.kind) {
    case 'going':
      return null;
    case 'lost':
      return { exit: 'step-back' };
    case 'end-generation': {
      const problem = { code: 'WEIR-7111', message: outcome.reason, hint: '', transient: true };
      return { state: 'recovering', mine: null, problem };
    }
    case 'complete':
      return complete(job, live, outcome.epoch.body, outcome.ended);
  }
}

async function complete(
  job: Job,
  live: LiveGeneration,
  epoch: EpochBody,
  ended: boolean,
): Promise<PhaseResult> {
  if (!(await conclude(job, epoch, ended))) return { exit: 'step-back' };
  await live.tasks.cancel(epoch.e);
  job.show({ operators: mergeOperators(live.tasks.plan.plan, live.tasks.stats) });
  return { state: ended ? 'finished' : 'stopped' };
}

/** Until something is due, `mostMs` at most. */
export function waitMs(job: Job, live: LiveGeneration, mostMs = showEveryMs): number {
  const dueMs = Math.min(live.epochs.wakeAtMs(), live.tasks.settlesAtMs()) - job.now();
  return Math.max(0, Math.min(dueMs, mostMs));
}

export function letGo(live: LiveGeneration): void {
  live.epochs.close();
  live.tasks.release();
}
