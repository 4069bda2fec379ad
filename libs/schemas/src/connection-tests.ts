import type { Connector, SubtaskContext } from '@weir/connectors/connector.ts';
import { StepFailure } from '@weir/connectors/connection-test/step-run.ts';
import { TestRun } from '@weir/connectors/connection-test/test-run.ts';
import { fillOptions } from '@weir/connectors/options/fill-variables.ts';
import { optionMask } from '@weir/connectors/options/option-mask.ts';
import { optionParts } from '@weir/connectors/options/option-parts.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { readPinnedFormats } from '@weir/plan/read-pinned-formats.ts';
import type { TestStep, TestTableRequest, ValidateProfileRequest } from '@weir/wire/gen/weir/v1/schema.ts';
import { KnownRegistries } from './registry/known-registries.ts';
import type { RegistryPool } from './registry/registry-pool.ts';
import { fieldOfMessage } from './service/column-messages.ts';

/** T3: of a whole test. */
const testMs = 30_000;
const registryMs = 8_000;

interface TestSurroundings {
  readonly connector: (name: string) => Connector;
  readonly access: ProcessAccess;
  readonly registries: RegistryPool;
  readonly cluster: string;
}

type Options = Readonly<Record<string, string>>;
type Tell = (step: TestStep) => void;

/** Tests of connections: step by step, each told as it comes. They leave nothing behind. */
export class ConnectionTests {
  readonly #around: TestSurroundings;
  readonly #known: KnownRegistries;

  constructor(around: TestSurroundings) {
    const { registries } = around;
    this.#around = around;
    this.#known = new KnownRegistries(registries.ports, (registry) => registries.sourceOf(registry));
  }

  /** @throws WeirError WEIR-3003 when there is no such connector */
  async validateProfile(request: ValidateProfileRequest, tell: Tell, signal: AbortSignal): Promise<void> {
    const connector = this.#around.connector(request.connector);
    const run = this.#run(connector, request.options, tell, signal);
    await this.#connection(connector, request.options, run, (options) =>
      this.#around.access.options.open(options),
    );
  }

  async testTable(request: TestTableRequest, tell: Tell, signal: AbortSignal): Promise<void> {
    const { table } = request;
    if (table === undefined) throw new WeirError('WEIR-3406', 'no table is given to be tested');
    const connector = this.#around.connector(table.connector);
    const run = this.#run(connector, table.options, tell, signal);
    const resolve = (options: Options) =>
      this.#around.access.options.resolve({ connector: table.connector, options });
    const options = await this.#connection(connector, table.options, run, resolve);
    if (options === undefined || connector.testTable === undefined) return;
    const schema = { fields: table.columns.map(fieldOfMessage) };
    const node: SourceNode = {
      kind: 'source',
      specVersion: 1,
      table: table.table,
      connector: table.connector,
      options,
      connection: { profile: null, options: [] },
      format: null,
      secrets: optionParts(connector).secret,
      schema,
      metadata: schema.fields.map((_, index) => table.metadata[index] || null),
      primaryKey: [],
      changes: connector.emits?.(options, table.primaryKey) ?? 'append',
    };
    const use = { reads: table.use !== 'write', writes: table.use !== 'read' };
    await connector.testTable(node, use, run, this.#context(request.pinnedJson));
  }

  /** Options, connection, registry. @returns the options, filled in; undefined when a step failed */
  async #connection(
    connector: Connector,
    written: Options,
    run: TestRun,
    resolve: (options: Options) => Promise<Record<string, string>>,
  ): Promise<Options | undefined> {
    const { access, cluster } = this.#around;
    const options = await run.step('options', async () => {
      const resolved = await resolve(written);
      run.hide(optionMask(optionParts(connector).secret, resolved, access.variables));
      const filled = fillOptions(connector.tableOptions, resolved, access.variables);
      return { detail: 'variables and secrets are there', found: filled };
    });
    if (options === undefined) {
      run.skip('connection', 'a step before it failed');
      run.skip('registry', 'a step before it failed');
      return undefined;
    }
    if (connector.testConnection === undefined)
      run.skip('connection', `connector '${connector.name}' connects to nothing`);
    else await connector.testConnection(options, run, cluster);
    if (options['schema_registry.endpoint'] === undefined)
      run.skip('registry', 'no schema registry is named');
    else await run.step('registry', () => this.#registry(written, run.signal), true);
    return run.failed ? undefined : options;
  }

  async #registry(written: Options, signal: AbortSignal): Promise<{ detail: string; found: null }> {
    const named = Object.entries(written).filter(
      ([option]) => option.startsWith('schema_registry.') || option === 'connection_profile',
    );
    try {
      const client = await this.#around.registries.client(Object.fromEntries(named));
      const subjects = await client.subjects(AbortSignal.any([signal, AbortSignal.timeout(registryMs)]));
      return { detail: `${subjects.length} subjects`, found: null };
    } catch (error) {
      if (signal.aborted) throw error;
      if (!(error instanceof WeirError)) {
        const silent = new WeirError('WEIR-3501', `the registry has not answered within ${registryMs} ms`, {
          cause: error,
          hint: 'check host and port, and that no firewall stands between schema-service and it',
        });
        throw new StepFailure('schema_registry.endpoint', silent);
      }
      const option = error.code === 'WEIR-3502' ? 'schema_registry.api_key' : 'schema_registry.endpoint';
      throw new StepFailure(option, error);
    }
  }

  #run(connector: Connector, options: Options, tell: Tell, signal: AbortSignal): TestRun {
    const { access, registries } = this.#around;
    const whole = AbortSignal.any([signal, AbortSignal.timeout(testMs)]);
    const run = new TestRun({ tell, clock: registries.ports.clock, signal: whole });
    run.hide(optionMask(optionParts(connector).secret, options, access.variables));
    return run;
  }

  #context(pinnedJson: string): SubtaskContext {
    const { registries, access, cluster } = this.#around;
    const quiet = { info: () => {}, warn: () => {} };
    return {
      ports: registries.ports,
      access,
      clusterName: cluster,
      pipeline: 'connection-test',
      pipelineId: 'connection-test',
      log: quiet,
      subtask: 0,
      parallelism: 1,
      fetchBudgetBytes: 4 << 20,
      formats:
        pinnedJson === ''
          ? { value: null, key: null }
          : readPinnedFormats(pinnedJson, 'pinned_json of TestTable', 'WEIR-3406'),
      writerSchemas: this.#known.writerSchemas,
    };
  }
}
