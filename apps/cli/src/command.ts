import type { Setting } from '@weir/configuration/settings.ts';

/** One command of `weir`. */
export interface Command {
  /** `apply FILE.sql --name N`: shown by help. */
  readonly usage: string;
  readonly summary: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** How many operands it takes, least and most. */
  readonly operands: readonly [number, number];
  run(input: CommandInput): Promise<number>;
}

export interface CommandInput {
  readonly operands: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly json: boolean;
}

/** Settings of every command that talks to a controller. */
export const clientSettings: Readonly<Record<string, Setting>> = {
  controller: { description: 'host:port of a controller', default: '127.0.0.1:7070' },
  json: { description: 'print JSON', kind: 'flag', environment: null },
};
