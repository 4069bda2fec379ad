import { readFileSync } from 'node:fs';
import { UsageError } from '@weir/configuration/settings.ts';

/**
 * `key=value` operands. `key=@FILE` takes the value from a file, `key=@-` from standard input, so that a secret need not stand in the command;
 * `key=` removes the option.
 */
export function readOptionOperands(operands: readonly string[]): Record<string, string> {
  const options: Record<string, string> = {};
  for (const operand of operands) {
    const at = operand.indexOf('=');
    if (at <= 0) {
      throw new UsageError(
        `'${operand}' is no option`,
        'write key=value, for example bootstrap_servers=kafka:9092',
      );
    }
    options[operand.slice(0, at)] = valueOf(operand.slice(at + 1));
  }
  return options;
}

function valueOf(text: string): string {
  if (!text.startsWith('@')) return text;
  const path = text === '@-' ? '/dev/stdin' : text.slice(1);
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/u, '');
  } catch (cause) {
    throw new UsageError(`the file ${path} can't be read (${String((cause as NodeJS.ErrnoException).code)})`);
  }
}
