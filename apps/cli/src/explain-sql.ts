import { status } from '@grpc/grpc-js';
import { connectors } from '@weir/connectors/connector-registry.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { checkedParallelism } from '@weir/coordinator/api/create-pipeline.ts';
import { sqlCompiler } from '@weir/coordinator/compile/sql-compiler.ts';
import type { CompileDiagnostic } from '@weir/coordinator/compile/pipeline-compiler.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { RegistryPool } from '@weir/schemas/registry/registry-pool.ts';
import { connectorCatalog } from '@weir/schemas/resolve-table.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { grpcStatusOf } from '@weir/wire/grpc-error.ts';
import { ControllerClient } from './controller-client.ts';

export interface ExplainedPlan {
  readonly valid: boolean;
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Of the plan, or answers to what the text asks; '' when it isn't valid. */
  readonly plan: string;
  /** Why no controller was asked, and it was compiled in this process, with the connectors of this version; null: one was. */
  readonly hereBecause: string | null;
}

export interface ExplainOptions {
  readonly address: string;
  /** Somebody named the controller: then its answer is wanted, and no other. */
  readonly named: boolean;
  readonly parallelism: number;
  /** Whose variables the text may name when it is compiled here. */
  readonly access: ProcessAccess;
}

/**
 * The plan of a text, as the controller has it; where none was named and none answers, as the same compiler has it in this process.
 * @throws WeirError WEIR-8001 when the controller that was named can't be reached; GrpcStatusError for a parallelism that the pipeline can't have
 */
export async function explainSql(sql: string, options: ExplainOptions): Promise<ExplainedPlan> {
  let hereBecause: string;
  const client = new ControllerClient(options.address);
  try {
    const { valid, diagnostics, plan } = await client.call(
      client.pipelines.validatePipeline.bind(client.pipelines),
      { sql, parallelism: options.parallelism },
    );
    const placed = diagnostics.map((diagnostic): CompileDiagnostic => {
      const severity = diagnostic.severity === 'warning' ? 'warning' : 'error';
      return { ...diagnostic, severity };
    });
    return { valid, diagnostics: placed, plan, hereBecause: null };
  } catch (error) {
    if (options.named || !(error instanceof WeirError) || grpcStatusOf(error) !== status.UNAVAILABLE)
      throw error;
    hereBecause = error.message;
  } finally {
    client.close();
  }
  const { access } = options;
  // Nothing is kept, so that there is nothing to log.
  const log = { info: () => {}, warn: () => {} };
  const registries = new RegistryPool(systemPorts(), { cluster: 'local', access, store: null, log });
  try {
    const compiler = sqlCompiler(connectorCatalog({ connectors, access, registries }));
    const { valid, plan, diagnostics, explain } = await compiler.compile(sql);
    if (plan !== null) checkedParallelism(plan, options.parallelism);
    return { valid, diagnostics, plan: valid ? explain : '', hereBecause };
  } finally {
    await registries.close();
  }
}
