import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from '../command.ts';

/** The program that starts servers belongs to the tools, which stand above the apps: it is run, not imported. */
const program = fileURLToPath(new URL('../../../../tools/cluster/src/up.ts', import.meta.url));

export const upCommand: Command = {
  usage: 'up [--workers N]',
  summary: 'run a whole cluster here, with Kafka and NATS, until Ctrl-C',
  operands: [0, 0],
  settings: {
    workers: { description: 'how many workers', kind: 'integer', default: '2', environment: null },
    folder: { description: 'where data and logs are kept', default: '.weir', environment: null },
    json: { description: 'print the addresses as JSON', kind: 'flag', environment: null },
  },
  run({ values, json }) {
    const args = ['--workers', values['workers'] ?? '2', '--folder', values['folder'] ?? '.weir'];
    // The channel tells the child when this process is gone, however it ended: then it stops what it has started.
    const child = spawn(process.execPath, [program, ...args, ...(json ? ['--json'] : [])], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    // A terminal sends Ctrl-C to both, and the child takes two at once for one; other senders mean this process only.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal));
    return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  },
};
