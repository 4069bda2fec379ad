import type { Timers } from '@weir/kernel/ports.ts';
import { allowListeners } from './open-listeners.ts';
import { plainTransport, type SecureTransport } from './secure-transport.ts';

/** What a process's settings say of its security. */
export interface SecuritySettings {
  /** `host:port` of its gRPC server and of its admin server. */
  readonly listen: string;
  readonly admin: string;
  /** Both may be reached from other machines, though there is no TLS. */
  readonly insecure: boolean;
}

export interface ProcessSecurity {
  readonly transport: SecureTransport;
  /** Ends what it warns of each hour. */
  close(): void;
}

/**
 * How a process speaks with others and whether it may listen where it wants to, before anything listens.
 * @throws WeirError WEIR-8005 where it needs `--insecure`, WEIR-8003 for text that is no address
 */
export function processSecurity(
  { listen, admin, insecure }: SecuritySettings,
  timers: Timers,
  log: { warn(fields: object, message: string): void },
): ProcessSecurity {
  const transport = plainTransport();
  const warnings = allowListeners({
    listeners: { listen, admin },
    encrypted: transport.encrypted,
    insecure,
    timers,
    warn: (message) => log.warn({}, message),
  });
  return { transport, close: () => warnings.cancel() };
}
