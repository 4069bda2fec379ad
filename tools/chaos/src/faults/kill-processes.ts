import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import type { PlannedFault } from './fault.ts';

/** SIGKILLs processes at one moment, and starts them again. */
export function killProcesses(what: string, victims: readonly WeirProcess[]): PlannedFault {
  return {
    what,
    strike: async () => {
      await Promise.all(victims.map((victim) => victim.kill()));
    },
    heal: async () => {
      await Promise.all(victims.map((victim) => victim.restart()));
    },
  };
}
