import { parseArgs } from 'node:util';
import { runExploration } from './exploration/run-exploration.ts';

const usage = `npm run explore -- [options]: explores the epoch protocol over the real functions of libs/epoch-protocol

  (nothing)          the mutations, every configuration that isn't large, random walks: at most 5 minutes in total
  --config TEXT      only what has TEXT in its name (mutations too), without the limit of 5 minutes
  --all              large configurations too, without the limit of 5 minutes
  --depth N          at most N steps from the beginning
  --seconds S        at most S seconds for each configuration
  --states N         at most N states for each configuration (default 60,000,000)
  --seed N           of the first random walk (default: the time)
  --walks N          how many random walks, of each configuration
  --traces           prints the shortest traces of the mutations
  --list             what there is`;

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    all: { type: 'boolean', default: false },
    depth: { type: 'string' },
    seconds: { type: 'string' },
    states: { type: 'string' },
    seed: { type: 'string' },
    walks: { type: 'string' },
    traces: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  console.error(`'${text}' is no number\n\n${usage}`);
  process.exit(2);
}

if (values.help) {
  console.log(usage);
} else {
  const passed = runExploration({
    name: values.config ?? null,
    all: values.all,
    list: values.list,
    traces: values.traces || values.config !== undefined,
    maxDepth: numberOf(values.depth, Infinity),
    maxMsEach: numberOf(values.seconds, values.all || values.config !== undefined ? Infinity : 60) * 1000,
    maxStates: numberOf(values.states, 60_000_000),
    maxMs: values.all || values.config !== undefined ? Infinity : 285_000,
    seed: numberOf(values.seed, Date.now() % 1_000_000_000),
    walks: numberOf(values.walks, Infinity),
    print: (line) => console.log(line),
  });
  process.exitCode = passed ? 0 : 1;
}
