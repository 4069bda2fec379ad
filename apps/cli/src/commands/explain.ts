import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { diagnosticJson, diagnosticLines } from '../diagnostic-view.ts';
import { readSql } from './apply.ts';

export const explainCommand: Command = {
  usage: 'explain FILE.sql',
  summary: 'show the plan of a SQL file, or what is wrong with it',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    parallelism: { description: 'subtasks of each stage', kind: 'integer', environment: null },
  },
  async run({ operands, values, json }) {
    const file = operands[0] ?? '';
    const sql = readSql(file);
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const { valid, diagnostics, plan } = await client.call(
        client.pipelines.validatePipeline.bind(client.pipelines),
        { sql, parallelism: Number(values['parallelism'] ?? 0) },
      );
      if (json) {
        process.stdout.write(
          `${JSON.stringify({ valid, diagnostics: diagnostics.map(diagnosticJson), plan })}\n`,
        );
      } else {
        for (const line of diagnosticLines(diagnostics, sql, file)) process.stderr.write(`${line}\n`);
        if (valid) process.stdout.write(plan.endsWith('\n') ? plan : `${plan}\n`);
      }
      return valid ? 0 : 1;
    } finally {
      client.close();
    }
  },
};
