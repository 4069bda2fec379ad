// weir up: a whole cluster on this machine, until Ctrl-C.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import { RememberedPorts } from '@weir/tool-stack/free-port.ts';
import { startStack } from '@weir/tool-stack/stack.ts';
import { stopOnSignals } from '@weir/tool-stack/stop-on-signals.ts';
import { WeirCluster } from './weir-cluster.ts';

interface UpOptions {
  readonly folder: string;
  readonly workers: number;
  readonly json: boolean;
}

async function up(options: UpOptions): Promise<void> {
  const signals = stopOnSignals();
  const say = (line: string) => process.stderr.write(`weir up: ${line}\n`);
  const folder = resolve(options.folder);
  const stack = await startStack({ folder, say });
  try {
    const ports = new RememberedPorts(join(folder, 'cluster'));
    const cluster = await WeirCluster.start({
      folder: join(folder, 'cluster'),
      natsUrl: stack.nats.address,
      workers: options.workers,
      controllerListen: `127.0.0.1:${await ports.get('controller')}`,
      schemaServiceListen: `127.0.0.1:${await ports.get('schema-service')}`,
      environment: stack.env,
    });
    tell(options, cluster, stack.kafka.address, stack.nats.address);
    const keepAlive = setInterval(() => undefined, 60_000);
    await signals.requested;
    clearInterval(keepAlive);
    say('stopping');
    await cluster.stop();
  } finally {
    await stack.stop();
  }
}

function tell(options: UpOptions, cluster: WeirCluster, kafka: string, nats: string): void {
  const lines = cluster.processes.map(({ name, addresses }) => ({ name, ...addresses }));
  if (options.json) {
    console.log(JSON.stringify({ kafka, nats, controller: cluster.address, processes: lines }));
    return;
  }
  console.log(`Kafka           ${kafka}\nNATS            ${nats}`);
  for (const { name, address, adminAddress } of lines) {
    console.log(`${name.padEnd(15)} ${address.padEnd(22)} metrics http://${adminAddress}/metrics`);
  }
  console.log(
    `\nfor other terminals:\n  export WEIR_CONTROLLER=${cluster.address}\n  export WEIR_KAFKA_BOOTSTRAP=${kafka}\n\nCtrl-C stops all; data stays in ${options.folder}`,
  );
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.weir' },
    workers: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
up({ folder: values.folder, workers: Number(values.workers), json: values.json }).catch((error: unknown) => {
  console.error(describeError(error));
  if (error instanceof WeirError && error.hint !== undefined) console.error(`hint: ${error.hint}`);
  process.exitCode = 1;
});
