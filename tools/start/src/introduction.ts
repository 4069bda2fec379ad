import type { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import type { Stack } from '@weir/tool-stack/stack.ts';
import { demo } from './demo.ts';

/** Addresses, process ids and logs of everything that runs. */
export function addressLines(stack: Stack, cluster: WeirCluster): string[] {
  const servers = [
    ['Kafka', stack.kafka.address, '', stack.kafka.logFile ?? ''],
    ['NATS', stack.nats.address.replace('nats://', ''), '', stack.nats.logFile ?? ''],
  ] as const;
  const processes = cluster.processes.map(
    ({ name, addresses, logFile }) => [name, addresses.address, `pid ${addresses.pid}`, logFile] as const,
  );
  return [...servers, ...processes].map(
    ([name, address, pid, log]) =>
      `      ${name.padEnd(15)} ${address.padEnd(16)} ${pid.padEnd(12)}${log === '' ? '' : ` log ${log}`}`,
  );
}

export function sqlLines(): string[] {
  return [
    '',
    `The pipeline '${demo.pipeline}':`,
    '',
    ...demo.sql
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
    '',
  ];
}

/** What to do in a second terminal, in the folder of the clone. */
export function tryLines(cluster: WeirCluster): string[] {
  const [worker] = cluster.workers;
  const given = cluster.address === '127.0.0.1:7070' ? [] : [`export WEIR_CONTROLLER=${cluster.address}`];
  const commands = [
    ...given,
    `npm exec weir -- status ${demo.pipeline}`,
    `npm exec weir -- tail ${demo.pipeline} --table auction_totals`,
    `kill -9 ${worker?.pid ?? ''}`.padEnd(32) + '# a worker: nothing is lost, nothing comes twice',
    'npm run -s topic -- read big-bids | tail',
    `curl http://${worker?.addresses.adminAddress ?? ''}/metrics`,
  ];
  return ['Try in another terminal:', ...commands.map((command) => `    ${command}`), ''];
}
