import { systemPorts } from '@weir/system/system-ports.ts';
import { RegistryClient } from '../registry-client.ts';
import { registrySettings } from '../registry-settings.ts';
import { RegistryTransport, type TransportLimits } from '../registry-transport.ts';

/** A client of the registry that these options name (without `schema_registry.`). */
export function openRegistry(
  options: Readonly<Record<string, string>>,
  limits: Partial<TransportLimits> = {},
): RegistryClient {
  const named = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`schema_registry.${name}`, value]),
  );
  const settings = registrySettings(named);
  if (settings === undefined) throw new Error('no endpoint');
  return new RegistryClient(new RegistryTransport(settings, systemPorts(), limits));
}
