import { followStream } from '@weir/wire/grpc-call.ts';
import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';

export const tailCommand: Command = {
  usage: 'tail N [--table T] [--limit ROWS]',
  summary: 'show rows as their epochs are committed',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    table: { description: 'only rows of this table', environment: null },
    limit: { description: 'end after this many rows', kind: 'integer', environment: null },
  },
  async run({ operands, values, json }) {
    const client = new ControllerClient(values['controller'] ?? '');
    const done = new AbortController();
    process.once('SIGINT', () => done.abort());
    let left = values['limit'] === undefined ? Infinity : Number(values['limit']);
    try {
      await followStream(
        client.pipelines.tailPipeline({ name: operands[0] ?? '', table: values['table'] ?? '' }),
        client.target,
        ({ table, epoch, rows, skipped }) => {
          for (const row of rows) {
            if (left <= 0) break;
            left -= 1;
            process.stdout.write(
              json ? `${JSON.stringify({ table, epoch, row: JSON.parse(row) as unknown })}\n` : `${row}\n`,
            );
          }
          if (skipped > 0n && !json) process.stderr.write(`… ${skipped} rows of epoch ${epoch} not shown\n`);
          if (left <= 0) done.abort();
        },
        done.signal,
      );
      return 0;
    } finally {
      client.close();
    }
  },
};
