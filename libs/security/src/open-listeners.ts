import { WeirError } from '@weir/kernel/errors.ts';
import { isLoopback } from '@weir/kernel/host-port.ts';
import type { TimerHandle, Timers } from '@weir/kernel/ports.ts';
import { readListenAddress } from '@weir/wire/grpc-server.ts';

/** Addresses that a process listens on, by setting: `{ listen: '0.0.0.0:7070', admin: '127.0.0.1:0' }`. */
export type Listeners = Readonly<Record<string, string>>;

export interface OpenListenersOptions {
  readonly listeners: Listeners;
  /** Of SecureTransport. */
  readonly encrypted: boolean;
  /** Somebody said `--insecure`. */
  readonly insecure: boolean;
  readonly timers: Timers;
  readonly warn: (message: string) => void;
}

const warnEveryMs = 60 * 60 * 1000;

/**
 * Before a process listens where others than this machine reach it without TLS: somebody must have said `--insecure`, and it is said
 * again each hour. Returns what ends the warnings.
 * @throws WeirError WEIR-8005 when nobody has said so, WEIR-8003 for text that is no address
 */
export function allowListeners(options: OpenListenersOptions): TimerHandle {
  const open = Object.entries(options.listeners).filter(
    ([, address]) => !isLoopback(readListenAddress(address).host),
  );
  if (open.length === 0 || options.encrypted) return { cancel: () => {} };
  const named = open.map(([setting, address]) => `--${setting} ${address}`).join(' and ');
  if (!options.insecure) {
    throw new WeirError(
      'WEIR-8005',
      `${named} can be reached from other machines, without TLS or any login`,
      {
        hint: 'listen on 127.0.0.1, or say --insecure (WEIR_INSECURE=true) where nobody else reaches that network',
      },
    );
  }
  const warn = (): void =>
    options.warn(
      `insecure: whoever reaches ${named} may do anything with this cluster and reads what its pipelines read`,
    );
  warn();
  return options.timers.every(warnEveryMs, warn);
}
