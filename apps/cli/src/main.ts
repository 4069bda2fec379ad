import { whenNpmIsGone } from '@weir/configuration/npm-above.ts';
import { failWith } from '@weir/configuration/run-process.ts';
import { UsageError, readSettings } from '@weir/configuration/settings.ts';
import { endWithWrapper } from '@weir/configuration/wrapped-process.ts';
import { nearestName } from '@weir/kernel/nearest-name.ts';
import type { Command } from './command.ts';
import { applyCommand } from './commands/apply.ts';
import { checkpointsCommand } from './commands/checkpoints.ts';
import { explainCommand } from './commands/explain.ts';
import { profileCommand } from './commands/profile.ts';
import { tableCommand } from './commands/table.ts';
import { lsCommand } from './commands/ls.ts';
import { rmCommand } from './commands/rm.ts';
import { runCommand } from './commands/run.ts';
import { resolveCommand } from './commands/resolve.ts';
import { scaleCommand } from './commands/scale.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { stopCommand } from './commands/stop.ts';
import { tailCommand } from './commands/tail.ts';
import { upCommand } from './commands/up.ts';

const commands: Readonly<Record<string, Command>> = {
  run: runCommand,
  apply: applyCommand,
  ls: lsCommand,
  status: statusCommand,
  stop: stopCommand,
  start: startCommand,
  rm: rmCommand,
  scale: scaleCommand,
  resolve: resolveCommand,
  tail: tailCommand,
  explain: explainCommand,
  checkpoints: checkpointsCommand,
  profile: profileCommand,
  table: tableCommand,
  up: upCommand,
};

/** Commands that other programs behind `bin/weir.mjs` are: for help only. */
const processes = {
  controller: 'run a controller in the foreground',
  'schema-service': 'run a schema-service in the foreground',
  worker: 'run a worker in the foreground',
};

function help(): string {
  const rows = [
    ...Object.values(commands).map((command) => [command.usage, command.summary] as const),
    ...Object.entries(processes).map(
      ([name, summary]) => [`${name} [--listen host:port] [--admin host:port]`, summary] as const,
    ),
  ];
  const width = Math.min(48, Math.max(...rows.map(([usage]) => usage.length)));
  return [
    'weir: SQL over Kafka topics, exactly once',
    '',
    ...rows.map(([usage, summary]) => `  weir ${usage.padEnd(width)}  ${summary}`),
    '',
    'All that print take --json. WEIR_CONTROLLER names the controller (default 127.0.0.1:7070).',
    '',
  ].join('\n');
}

async function main(argv: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = argv;
  if (name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(help());
    return 0;
  }
  const command = commands[name];
  if (command === undefined) {
    const nearest = nearestName(name, [...Object.keys(commands), ...Object.keys(processes)]);
    throw new UsageError(
      `weir has no command '${name}'`,
      nearest === undefined ? 'see: weir help' : `did you mean 'weir ${nearest}'?`,
    );
  }
  if (rest.includes('--help')) {
    process.stdout.write(commandHelp(command));
    return 0;
  }
  const { values, operands } = readSettings(command.settings, { argv: rest, environment: process.env });
  const [least, most] = command.operands;
  if (operands.length < least || operands.length > most) throw new UsageError(`usage: weir ${command.usage}`);
  return command.run({ operands, values, json: values['json'] === 'true' });
}

function commandHelp(command: Command): string {
  const flags = Object.entries(command.settings).map(
    ([name, setting]) =>
      `  --${name.padEnd(20)} ${setting.description}${setting.default === undefined ? '' : ` (default ${setting.default})`}`,
  );
  return [`weir ${command.usage}`, `  ${command.summary}`, '', ...flags, ''].join('\n');
}

endWithWrapper();
// Ends in order where a command has an order to end in.
whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'));
// `weir tail N | head`: nobody reads any more, which is a good end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') failWith(error);
  process.exit(0);
});
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, failWith);
