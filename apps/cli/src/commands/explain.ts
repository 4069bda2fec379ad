import { processAccess } from '@weir/connectors/process-access.ts';
import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { diagnosticJson, diagnosticLines } from '../diagnostic-view.ts';
import { explainSql } from '../explain-sql.ts';
import { readSql } from './apply.ts';

const defaultController = '127.0.0.1:7070';

export const explainCommand: Command = {
  usage: 'explain FILE.sql',
  summary: 'show the plan of a SQL file, or what is wrong with it; needs no controller',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    controller: {
      description: `host:port of a controller; without it ${defaultController}, and this process where none answers`,
    },
    parallelism: { description: 'subtasks of each stage', kind: 'integer', environment: null },
    'sql-variables': {
      description: 'environment variables that options may name, by comma, * for any characters',
    },
  },
  async run({ operands, values, json }) {
    const file = operands[0] ?? '';
    const sql = readSql(file);
    const controller = values['controller'];
    const { valid, diagnostics, plan, hereBecause } = await explainSql(sql, {
      address: controller ?? defaultController,
      named: controller !== undefined,
      parallelism: Number(values['parallelism'] ?? 0),
      access: processAccess(process.env, {
        sqlVariables: values['sql-variables'],
        filesDir: process.cwd(),
        secretVariables: [],
      }),
    });
    if (json) {
      process.stdout.write(
        `${JSON.stringify({ valid, diagnostics: diagnostics.map(diagnosticJson), plan })}\n`,
      );
    } else {
      if (hereBecause !== null) process.stderr.write(`compiled in this process: ${hereBecause}\n`);
      for (const line of diagnosticLines(diagnostics, sql, file)) process.stderr.write(`${line}\n`);
      if (valid) process.stdout.write(plan.endsWith('\n') ? plan : `${plan}\n`);
    }
    return valid ? 0 : 1;
  },
};
