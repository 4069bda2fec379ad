import { freePort } from './free-port.ts';
import { ProcessGroup, type Command } from './process-group.ts';
import { waitUntil } from './wait-until.ts';

const startAttempts = 5;

/** How a server's program is started. */
export interface ServerStart {
  /** For people: `Kafka`. */
  readonly name: string;
  readonly logFile: string;
  /** Where it answers, for people. */
  readonly at: string;
  readonly answers: () => Promise<boolean>;
}

/** The program of one server, which may be started again after it ended. */
export class ServerProcess {
  #group: ProcessGroup | undefined;

  /** Starts it and waits until it answers. @throws WeirError when it ends before, or doesn't answer in time */
  async launch(command: Command, { name, logFile, at, answers }: ServerStart): Promise<void> {
    const group = await ProcessGroup.start(command, { name, logFile });
    this.#group = group;
    await waitUntil(answers, {
      what: `${name} to answer ${at} (its log: ${logFile})`,
      giveUp: () => group.endedEarly(),
    });
    // Somebody else's server may have answered on a port that ours could not bind.
    const ended = group.endedEarly();
    if (ended !== undefined) throw ended;
  }

  /** Freezes it (SIGSTOP): connections stay open, nothing answers. */
  pause(): void {
    this.#group?.signal('SIGSTOP');
  }

  resume(): void {
    this.#group?.signal('SIGCONT');
  }

  /** Ends it in order. */
  async stop(withinMs?: number): Promise<void> {
    await this.#group?.stop(withinMs);
    this.#group = undefined;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#group?.kill();
    this.#group = undefined;
  }
}

/** Does it with a port that is free, and with another one when somebody else was faster. */
export function onFreePort<T>(
  use: (port: number) => Promise<T>,
  cleanUp: () => Promise<void> = async () => undefined,
): Promise<T> {
  return untilBound(async () => use(await freePort()), cleanUp);
}

/** Does it again, up to five times, while it fails because an address is taken. @param cleanUp after each failure */
export async function untilBound<T>(start: () => Promise<T>, cleanUp: () => Promise<void>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      await cleanUp();
      if (attempt === startAttempts || !isTaken(error)) throw error;
    }
  }
}

/** As Kafka, NATS, Go, Python, Java and Docker say it. */
function isTaken(error: unknown): boolean {
  return /address.*in use|already.*(?:bound|in use|allocated)/i.test(String(error));
}
