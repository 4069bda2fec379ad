// npm run bench:micro: the steps of a record's way one by one, without servers, beside what is held to be possible.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const files = [
  'libs/kafka/bench/record-batch.bench.ts',
  'libs/formats/bench/json.bench.ts',
  'libs/formats/bench/avro.bench.ts',
  'libs/formats/bench/protobuf.bench.ts',
  'libs/operators/bench/operators.bench.ts',
  'libs/operators/bench/keyed-state.bench.ts',
  'libs/state/bench/row-store.bench.ts',
];

/** Records a second on one core, measured with throw-away programs before there was an engine. */
const possible: Readonly<Record<string, string>> = {
  'CRC-32C': '6 GB/s native, in JavaScript a tenth',
  'fetch: CRC, batch headers and record index': '12 M/s cold',
  'fetch: record index alone': '12 M/s cold, 78 M/s hot',
  'batch: values copied, heads, CRC': '4.5 M/s',
  'decode: flat, 7 of 7 columns': '4.5 M/s (0.22 s/M)',
  'decode: flat, 2 of 7 columns': '4.6-6.2 M/s',
  'decode avro: required, 7 of 7 fields': '20 M/s',
  'decode avro: required, 4 of 7 fields': '46 M/s',
  'decode avro: nullable, 7 of 7 fields': '18 M/s',
  'decode protobuf: required, int64 times, 7 of 7 fields': '17.6 M/s',
  'decode protobuf: required, int64 times, 4 of 7 fields': '35 M/s',
  'encode: flat, 7 of 7 columns': '2.2-2.6 M/s; 3.3 M/s with copies',
  'frame: write, 7 columns': '16 M/s for numbers',
  'frame: write, 3 numeric columns': '16 M/s',
  'filter auction % 123 = 0, two columns': '100 M/s with hash aggregate',
  'project price * 0.908': '100 M/s with hash aggregate',
  'aggregate of four, 1 k keys': '16 ns a row',
  'aggregate of four, 330 k keys': '172 ns a row',
  'aggregate of four, 4 M keys': '338 ns a row',
  'count by auction, 330 k keys': '77-100 M/s for few keys',
};

interface Figure {
  readonly name: string;
  readonly recordsPerCpuSecond?: number;
  readonly [more: string]: unknown;
}

/** A line of a bench file: JSON, or `name: 12.3 M rows/s`, or text for people. */
export function readFigure(line: string): Figure | undefined {
  if (line.startsWith('{')) return JSON.parse(line) as Figure;
  const rate = /^(.+): ([\d.]+) M rows\/s$/.exec(line);
  if (rate !== null) return { name: rate[1] ?? '', recordsPerCpuSecond: Math.round(Number(rate[2]) * 1e6) };
  const told = /^([^:]+): (.+)$/.exec(line);
  return told === null ? undefined : { name: told[1] ?? '', figure: told[2] ?? '' };
}

function run(file: string, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${root}${file}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${file} ended with ${code ?? 'a signal'}`));
    });
  });
}

function print(figure: Figure, json: boolean): void {
  const { name, recordsPerCpuSecond, cpuSecondsPerMillion, ...more } = figure;
  const wanted = possible[name];
  if (json) {
    console.log(JSON.stringify(wanted === undefined ? figure : { ...figure, possible: wanted }));
    return;
  }
  const rate = recordsPerCpuSecond === undefined ? '' : `${(recordsPerCpuSecond / 1e6).toFixed(1)} M/s`;
  const cost = cpuSecondsPerMillion === undefined ? '' : `${String(cpuSecondsPerMillion)} s/M`;
  const rest = Object.entries(more).map(([key, value]) => `${key} ${String(value)}`);
  if (wanted !== undefined) rest.push(`possible: ${wanted}`);
  console.log(`${name.padEnd(44)} ${rate.padStart(11)} ${cost.padStart(11)}  ${rest.join(', ')}`.trimEnd());
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  for (const file of files) {
    if (!values.json) console.log(`\n${file}`);
    await run(file, (line) => {
      const figure = readFigure(line);
      if (figure !== undefined) print(figure, values.json);
    });
  }
}
