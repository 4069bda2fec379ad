import { WeirError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { RegisteredSchema, SubjectVersion } from './registered-schema.ts';
import type { RegistryClient } from './registry-client.ts';

/** A registry's follower that answers look-ups knows what its leader has registered within this. */
const patienceMs = 10_000;
const firstPauseMs = 50;
const longestPauseMs = 1000;

export type RegisteredVersion = Pick<SubjectVersion, 'id' | 'version' | 'guid'>;

/**
 * Registers a schema under a subject unless it is there: looked up first, so that who may only read can use what is there. The version
 * comes from a look-up too, since ids are no versions (R9); a follower that lags is asked again.
 * @throws WeirError as the client does; WEIR-3514 (retry) when the registry doesn't show what it has registered
 */
export async function registerSchema(
  client: RegistryClient,
  { clock, timers }: Pick<Ports, 'clock' | 'timers'>,
  subject: string,
  schema: RegisteredSchema,
  signal: AbortSignal,
): Promise<RegisteredVersion> {
  const known = await client.lookUp(subject, schema, signal);
  if (known !== undefined) return known;
  const id = await client.register(subject, schema, signal);
  const until = clock.monotonicMs() + patienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
    const registered = await client.lookUp(subject, schema, signal);
    if (registered !== undefined) return { ...registered, id };
    if (clock.monotonicMs() + pauseMs > until) break;
    await timers.sleep(pauseMs, signal);
  }
  throw new WeirError(
    'WEIR-3514',
    `${client.address} has registered a schema under '${subject}' with id ${id}, but finds no version of it there`,
    {
      disposition: 'retry',
      hint: 'ask again: it is registered once only. A follower of the registry may lag, or the subject was deleted meanwhile',
    },
  );
}
