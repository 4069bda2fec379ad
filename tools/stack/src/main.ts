// npm run stack: Kafka and NATS for people, until Ctrl-C.
import { parseArgs } from 'node:util';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import { startStack, type Stack } from './stack.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const usage = `npm run stack -- [--folder DIR] [--fresh] [--json]
  Starts Kafka and NATS, prints their addresses, and stops them on Ctrl-C.
  --folder DIR  where data, logs and ports are kept (default .weir)
  --fresh       forget what an earlier start left there
  --json        the addresses as one line of JSON
Each server is taken from the first source that is there: WEIR_KAFKA_BOOTSTRAP or WEIR_NATS_URL, the PATH, Docker, a download.
WEIR_STACK_KAFKA (path, docker, maven) and WEIR_STACK_NATS (path, docker, pypi, debian, go) take one and no other.`;

function readOptions() {
  return parseArgs({
    options: {
      folder: { type: 'string', default: '.weir' },
      fresh: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
}

function printForPeople({ kafka, nats, env }: Stack, folder: string): void {
  for (const [name, server] of Object.entries({ Kafka: kafka, NATS: nats })) {
    const log = server.logFile === undefined ? '' : `; log: ${server.logFile}`;
    console.log(`${name.padEnd(6)} ${server.address.padEnd(24)} ${server.source}${log}`);
  }
  console.log('\nfor other terminals:');
  for (const [name, value] of Object.entries(env)) console.log(`  export ${name}=${value}`);
  console.log(`\nCtrl-C stops both; topics and ports stay in ${folder}`);
}

/** A signal that comes while the servers are starting is obeyed once they run; a second one ends at once. */
async function run(options: ReturnType<typeof readOptions>): Promise<void> {
  const signals = stopOnSignals();
  const say = (line: string) => console.error(`stack: ${line}`);
  const stack = await startStack({ folder: options.folder, fresh: options.fresh, say });
  if (options.json) console.log(JSON.stringify({ ...stack.env, kafka: stack.kafka, nats: stack.nats }));
  else printForPeople(stack, options.folder);
  // Signals alone don't keep a process alive, and servers that were there already give us nothing else to wait for.
  const keepAlive = setInterval(() => undefined, 60_000);
  await signals.requested;
  clearInterval(keepAlive);
  say('stopping');
  await stack.stop();
}

try {
  const options = readOptions();
  if (options.help) console.log(usage);
  else await run(options);
} catch (error) {
  const badUsage =
    error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  console.error(badUsage ? `${error.message}\n\n${usage}` : describeError(error));
  if (error instanceof WeirError && error.hint !== undefined) console.error(error.hint);
  process.exitCode = badUsage ? 2 : 1;
}
