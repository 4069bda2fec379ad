// node tools/bench/src/profile-summary.ts FILE.cpuprofile [N]: where a process's time went, by function.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface FunctionCost {
  readonly function: string;
  readonly selfMs: number;
  readonly share: number;
}

/** Self time by function, most first; waiting is left out of the shares. */
export function costByFunction(profile: Profile): readonly FunctionCost[] {
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node)]));
  const selfMicros = new Map<string, number>();
  let total = 0;
  for (const [index, id] of profile.samples.entries()) {
    const name = names.get(id) ?? '';
    if (name === '(idle)' || name === '(root)') continue;
    const micros = profile.timeDeltas[index] ?? 0;
    total += micros;
    selfMicros.set(name, (selfMicros.get(name) ?? 0) + micros);
  }
  return [...selfMicros]
    .map(([name, micros]) => ({ function: name, selfMs: micros / 1000, share: micros / total }))
    .sort((a, b) => b.selfMs - a.selfMs);
}

function nameOf({ callFrame }: ProfileNode): string {
  const { functionName, url, lineNumber } = callFrame;
  if (url === '') return functionName === '' ? '(anonymous)' : functionName;
  return `${functionName || '(anonymous)'} ${basename(url)}:${lineNumber + 1}`;
}

if (import.meta.main) {
  const [file = '', count = '40'] = process.argv.slice(2);
  const costs = costByFunction(JSON.parse(readFileSync(file, 'utf8')) as Profile);
  const total = costs.reduce((sum, { selfMs }) => sum + selfMs, 0);
  console.log(`${total.toFixed(0)} ms at work`);
  for (const { function: name, selfMs, share } of costs.slice(0, Number(count))) {
    console.log(`${selfMs.toFixed(0).padStart(7)} ms ${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  }
}
