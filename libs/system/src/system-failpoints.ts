import { readFileSync, renameSync, writeSync } from 'node:fs';
import { WeirError } from '@weir/kernel/errors.ts';
import { failpointSteps, isFailpointName, noFailpoints } from '@weir/kernel/failpoints.ts';
import type { FailpointName, Failpoints } from '@weir/kernel/failpoints.ts';
import { nearestName } from '@weir/kernel/nearest-name.ts';

/** `kill`: SIGKILL, as a crash. `freeze`: SIGSTOP, until somebody sends SIGCONT. */
type Action = 'kill' | 'freeze';

interface Plan {
  readonly point: FailpointName;
  /** It is acted on at this time that the process reaches the point. */
  readonly nth: number;
  readonly action: Action;
}

const signals = { kill: 'SIGKILL', freeze: 'SIGSTOP' } as const;

/**
 * What WEIR_FAILPOINTS asks for: `decide.after=kill`, `commit.before@3=freeze` (the third time), several by comma; or `@FILE`: a file that says
 * it, looked at whenever a step is reached, so that a process that runs can be told. Whoever acts on a file renames it to `FILE.<pid>` first:
 * of processes that share one only one does.
 * @throws WeirError WEIR-8206 when it can't be read; nothing fails then by a mistyped name
 */
export function systemFailpoints(spec: string | undefined): Failpoints {
  if (spec === undefined || spec === '') return noFailpoints;
  return spec.startsWith('@') ? failpointsOfFile(spec.slice(1)) : failpointsOf(parsePlans(spec), () => true);
}

function failpointsOf(plans: readonly Plan[], mayAct: () => boolean): Failpoints {
  const reachedTimes = new Map<FailpointName, number>();
  return {
    reached(point) {
      const times = (reachedTimes.get(point) ?? 0) + 1;
      reachedTimes.set(point, times);
      const plan = plans.find((one) => one.point === point && one.nth === times);
      if (plan === undefined || !mayAct()) return;
      writeSync(2, `failpoint ${point}: ${plan.action}\n`);
      process.kill(process.pid, signals[plan.action]);
    },
  };
}

function failpointsOfFile(file: string): Failpoints {
  let text = '';
  let now = noFailpoints;
  return {
    reached(point) {
      const found = contentOf(file);
      if (found === undefined) return;
      if (found !== text) {
        text = found; // another plan: its times are counted from here
        now = failpointsOf(parsePlans(found.split('\n', 1)[0] ?? ''), () => claimed(file));
      }
      now.reached(point);
    },
  };
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function claimed(file: string): boolean {
  try {
    renameSync(file, `${file}.${process.pid}`);
    return true;
  } catch {
    return false;
  }
}

function parsePlans(spec: string): Plan[] {
  return spec.split(',').map((part) => {
    const match = /^\s*([a-z.-]+)(?:@(\d+))?=(kill|freeze)\s*$/.exec(part);
    const [, point = '', nth = '1', action = ''] = match ?? [];
    if (match !== null && isFailpointName(point) && Number(nth) > 0) {
      return { point, nth: Number(nth), action: action as Action };
    }
    const nearest = point === '' ? undefined : nearestName(point, Object.keys(failpointSteps));
    throw new WeirError('WEIR-8206', `WEIR_FAILPOINTS: '${part}' names no step and what shall happen there`, {
      hint:
        nearest === undefined || nearest === point
          ? 'STEP=kill, STEP=freeze or STEP@3=kill; npm run chaos -- --list names the steps'
          : `did you mean ${nearest}?`,
    });
  });
}
