/** A line of a benchmark: records a second of CPU time. */
export function report(name: string, rows: number, seconds: number): void {
  const recordsPerCpuSecond = Math.round(rows / seconds);
  const cpuSecondsPerMillion = Number(((seconds / rows) * 1e6).toFixed(3));
  console.log(JSON.stringify({ name, recordsPerCpuSecond, cpuSecondsPerMillion }));
}

/** The least CPU seconds that one of the rounds takes. */
export function best(rounds: number, run: () => void): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) least = Math.min(least, cpuSeconds(run));
  return least;
}

function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}
