// npm run sim -- [--seed S] [--runs N] [--threads T] [--trace]: simulated clusters under faults, each run a function of its seed.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { guardedRun } from './simulation/guarded-run.ts';
import { keepRegression, regressions } from './simulation/regressions.ts';
import { runSeeds } from './simulation/run-seeds.ts';
import type { SeedReport } from './simulation/sim-worker.ts';

const usage = 'usage: npm run sim -- [--seed TEXT] [--runs N] [--threads N] [--no-keep] | --trace SEED';
const shownTraceLines = 200;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      runs: { type: 'string', default: '100' },
      threads: { type: 'string' },
      trace: { type: 'string' },
      'no-keep': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (values.trace !== undefined) return showTrace(values.trace);
  const runs = Number(values.runs);
  const threads = Number(values.threads ?? availableParallelism());
  if (!Number.isInteger(runs) || runs < 0 || !Number.isInteger(threads) || threads < 1) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const first = values.seed ?? String(Date.now() % 1_000_000);
  return playAll(first, runs, threads, !values['no-keep']);
}

/** One seed, with all that happened. */
async function showTrace(seed: string): Promise<number> {
  const { result, trace } = await guardedRun(seed);
  process.stdout.write(`${trace.join('\n')}\n${JSON.stringify(result, null, 2)}\n`);
  return result.problems.length === 0 ? 0 : 1;
}

async function playAll(first: string, runs: number, threads: number, keep: boolean): Promise<number> {
  const kept = regressions().map(({ seed }) => seed);
  const seeds = [...kept, ...Array.from({ length: runs }, (_, run) => `${first}-${run}`)];
  process.stdout.write(
    `seed ${first}: ${runs} runs, after ${kept.length} kept ones, on ${threads} threads\n`,
  );
  const startedMs = performance.now();
  const totals = { runs: 0, failed: 0, generations: 0, epochs: 0, records: 0, virtualMs: 0 };
  const outcomes = new Map<string, number>();
  let slowestMs = 0;
  await runSeeds(seeds, threads, (report) => {
    totals.runs += 1;
    const result = report.run?.result;
    if (result !== undefined) {
      totals.generations += result.generations;
      totals.epochs += result.epochs;
      totals.records += result.records;
      totals.virtualMs += result.virtualMs;
      if (result.outcome === 'stopped') slowestMs = Math.max(slowestMs, result.recoveredMs);
    }
    const outcome = result?.outcome ?? 'broken';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (result !== undefined && result.problems.length === 0) return;
    totals.failed += 1;
    tellFailure(report, keep);
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const { generations, epochs, records, virtualMs } = totals;
  process.stdout.write(
    `${totals.runs} runs in ${seconds} s: ${totals.failed} failed; ${[...outcomes].map(([name, count]) => `${count} ${name}`).join(', ')}; ` +
      `${generations} generations, ${epochs} epochs, ${records} results, ${Math.round(virtualMs / 1000)} simulated seconds; ` +
      `slowest to all its output after the last fault: ${(slowestMs / 1000).toFixed(1)} s\n`,
  );
  return totals.failed === 0 ? 0 : 1;
}

function tellFailure({ seed, run, broken }: SeedReport, keep: boolean): void {
  const problems = run?.result.problems ?? [broken ?? 'no result'];
  const lines = [
    `seed ${seed} fails (npm run sim -- --trace ${seed}):`,
    ...problems.map((problem) => `  ${problem}`),
    ...(run === null ? [] : [`  faults: ${run.result.kinds.join(', ')}; the end of its trace:`]),
    ...(run?.trace ?? []).slice(-shownTraceLines).map((line) => `    ${line}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (keep) process.stdout.write(`  kept in ${keepRegression(seed, problems)}\n`);
}

process.exit(await main());
