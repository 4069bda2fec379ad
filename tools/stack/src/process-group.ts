import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';
import { type Guarded, guardAgainstOrphans, releaseGuard } from './orphan-guard.ts';

/** A program to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The container that the program runs in the foreground, if it is `docker run`. */
  readonly container?: string;
}

export interface ProcessGroupOptions {
  /** For messages: "Kafka", "worker 2". */
  readonly name: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  readonly cwd?: string;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A log is set aside at a start when it has grown beyond this. */
const logLimitBytes = 32 * 1024 * 1024;

const alive = new Set<ProcessGroup>();

/** SIGKILLs every group that this process has started, without waiting: for an end that can't wait for order. */
export function killAllGroups(): void {
  for (const group of alive) group.signal('SIGKILL');
}

/**
 * A child in a process group of its own: the terminal's Ctrl-C does not reach it, signals go to all that it started, and
 * it is killed when this process is gone, however that happened.
 */
export class ProcessGroup {
  readonly name: string;
  readonly logFile: string;
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  #exit: ExitStatus | undefined;
  readonly #guarded: readonly Guarded[];

  private constructor(child: ChildProcess, pid: number, command: Command, options: ProcessGroupOptions) {
    this.name = options.name;
    this.logFile = options.logFile;
    this.pid = pid;
    const group: Guarded = `group:${pid}`;
    this.#guarded = command.container === undefined ? [group] : [`container:${command.container}`, group];
    for (const id of this.#guarded) guardAgainstOrphans(id);
    alive.add(this);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#exit = { code, signal };
        alive.delete(this);
        this.signal('SIGKILL'); // what the leader left behind in its group
        for (const id of this.#guarded) releaseGuard(id);
        resolve(this.#exit);
      });
    });
  }

  /** @throws WeirError WEIR-9002 if the program can't be started at all */
  static async start(command: Command, options: ProcessGroupOptions): Promise<ProcessGroup> {
    mkdirSync(dirname(options.logFile), { recursive: true });
    if (existsSync(options.logFile) && statSync(options.logFile).size > logLimitBytes) {
      renameSync(options.logFile, `${options.logFile}.old`);
    }
    const log = openSync(options.logFile, 'a');
    try {
      const child = spawn(command.program, command.args, {
        cwd: options.cwd,
        env: { ...process.env, ...command.env },
        detached: true,
        stdio: ['ignore', log, log],
      });
      if (child.pid === undefined) {
        const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
        throw new WeirError('WEIR-9002', `${options.name} can't be started`, { cause });
      }
      child.on('error', () => undefined); // a signal that could not be sent: `exited` tells the rest
      return new ProcessGroup(child, child.pid, command, options);
    } finally {
      closeSync(log);
    }
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  get exitStatus(): ExitStatus | undefined {
    return this.#exit;
  }

  /** Sends a signal to every process of the group; a group that is gone is no error. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** SIGTERM, and SIGKILL for what is still there after `deadlineMs`. */
  async stop(deadlineMs = 15_000): Promise<ExitStatus> {
    if (this.#exit !== undefined) return this.#exit;
    this.signal('SIGTERM');
    this.signal('SIGCONT'); // a paused group could not act on SIGTERM
    const timer = setTimeout(() => this.signal('SIGKILL'), deadlineMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  async kill(): Promise<ExitStatus> {
    this.signal('SIGKILL');
    return this.exited;
  }

  /** The last lines of the log, without Java's stack frames, for messages about what went wrong. */
  logTail(lines = 8): string {
    if (!existsSync(this.logFile)) return '';
    const all = readFileSync(this.logFile, 'utf8').trimEnd().split('\n');
    return all
      .filter((line) => !/^\s+(at |\.\.\. \d+ more)/.test(line))
      .slice(-lines)
      .join('\n');
  }

  /** An error if the process has ended: for waits that can't succeed any more then. */
  endedEarly(): WeirError | undefined {
    if (this.#exit === undefined) return undefined;
    const how = this.#exit.signal ?? `exit code ${this.#exit.code}`;
    return new WeirError(
      'WEIR-9003',
      `${this.name} ended (${how}) before it was ready; ${this.logFile} ends with:\n${this.logTail()}`,
    );
  }
}
