export interface ExtraListener {
  /** Upper case letters: `SASL`, `TLS`. */
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** Clients are told this port of 127.0.0.1 in place of the listener's own: a proxy's, which leads to it. */
  readonly advertisedPort?: number;
}

/** Ports of one broker. */
export interface KafkaAddresses {
  readonly plain: number;
  readonly controller: number;
  /** By listener name. */
  readonly extra: Readonly<Record<string, number>>;
}

/** server.properties of a single broker that is its own controller. */
export function kafkaProperties(options: {
  data: string;
  addresses: KafkaAddresses;
  extraListeners: readonly ExtraListener[];
  bindHost: string;
  overrides: Readonly<Record<string, string>>;
}): string {
  const { data, addresses, extraListeners, bindHost, overrides } = options;
  const { plain, controller, extra } = addresses;
  const bound = extraListeners.map(({ name }) => `,${name}://${bindHost}:${extra[name] ?? 0}`).join('');
  const advertised = extraListeners
    .map(({ name, advertisedPort }) => `,${name}://127.0.0.1:${advertisedPort ?? extra[name] ?? 0}`)
    .join('');
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://${bindHost}:${plain},CONTROLLER://127.0.0.1:${controller}${bound}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller}${advertised}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      ...extraListeners.map(({ name, protocol }) => `${name}:${protocol}`),
    ].join(','),
    'log.dirs': data,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    // Open transactions of dead producers end soon after their own timeout (default: up to 10 s later).
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
    // After a crash the broker has to wait until its former self counts as dead (default: 9 s).
    'broker.session.timeout.ms': '6000',
    'broker.heartbeat.interval.ms': '500',
    ...overrides,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('');
}
