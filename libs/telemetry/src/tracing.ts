/** Ends tracing: what is still queued is exported first. */
export interface Tracing {
  readonly enabled: boolean;
  stop(): Promise<void>;
}

/**
 * Starts the export of spans when the standard OpenTelemetry variables ask for it (OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT; OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_TRACES_SAMPLER and so on are the SDK's). Without them the SDK
 * isn't even loaded: it costs 40 MB and a quarter of a second.
 */
export async function startTracing(service: {
  readonly name: string;
  readonly instance: string;
  readonly cluster: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<Tracing> {
  const { environment } = service;
  const wanted =
    (environment['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) !==
    undefined;
  if (!wanted || environment['OTEL_SDK_DISABLED'] === 'true') return { enabled: false, stop: async () => {} };
  const [{ NodeSDK }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/resources'),
  ]);
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({
      'service.name': environment['OTEL_SERVICE_NAME'] ?? `weir-${service.name}`,
      'service.namespace': service.cluster,
      'service.instance.id': service.instance,
    }),
    autoDetectResources: false,
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return { enabled: true, stop: () => sdk.shutdown().catch(() => {}) };
}
