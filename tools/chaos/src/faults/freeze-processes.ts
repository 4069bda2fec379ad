import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import type { PlannedFault } from './fault.ts';

/** SIGSTOPs processes, and wakes them: until then they are silent, and afterwards they believe that nothing has happened. */
export function freezeProcesses(what: string, victims: readonly WeirProcess[]): PlannedFault {
  return {
    what,
    strike: async () => {
      for (const victim of victims) victim.signal('SIGSTOP');
    },
    heal: async () => {
      for (const victim of victims) victim.signal('SIGCONT');
    },
  };
}
