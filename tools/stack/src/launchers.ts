import { firstWay, noWay, type Ways } from './first-way.ts';
import { kafkasJava, type Java } from './java.ts';
import { kafkaWays, type KafkaLauncher } from './kafka-launcher.ts';
import { natsWays, type NatsLauncher } from './nats-launcher.ts';
import { registryWays, type RegistryLauncher } from './registry-launcher.ts';
import { s3Ways, type S3Launcher } from './s3-launcher.ts';
import { toxiproxyWays, type ToxiproxyLauncher } from './toxiproxy-launcher.ts';

/** How each server is started on this machine, by what it is. */
interface Launchers {
  readonly kafka: KafkaLauncher;
  readonly nats: NatsLauncher;
  readonly s3: S3Launcher;
  readonly toxiproxy: ToxiproxyLauncher;
  readonly java: Java;
  readonly registry: RegistryLauncher;
}

/** What can be run here, and by which ways: a line each. */
const table: { readonly [What in keyof Launchers]: Ways<Launchers[What]> } = {
  kafka: kafkaWays,
  nats: natsWays,
  s3: s3Ways,
  toxiproxy: toxiproxyWays,
  java: kafkasJava,
  registry: registryWays,
};

/**
 * The first way to run it that answers, or the one that its variable (`WEIR_STACK_KAFKA=docker`) names.
 * @throws WeirError with what to install if there is none
 */
export async function findLauncher<What extends keyof Launchers>(
  what: What,
  say: (line: string) => void,
): Promise<Launchers[What]> {
  const found = await launcherIfAny(what, say);
  if (found === undefined) throw noWay(table[what]);
  return found;
}

/** As `findLauncher`, for what tests can do without. */
export function launcherIfAny<What extends keyof Launchers>(
  what: What,
  say: (line: string) => void,
): Promise<Launchers[What] | undefined> {
  return firstWay(table[what], say);
}
