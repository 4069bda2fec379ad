import { gauge, type Registry } from './metrics.ts';

/** Whether a process hears the others: of every process that has a control bus. */
export function observeBus(registry: Registry, bus: { readonly connected: boolean }): void {
  gauge(registry, 'weir_bus_connected', '1 while the control bus (NATS) is connected', [], (metric) =>
    metric.set(bus.connected ? 1 : 0),
  );
}
