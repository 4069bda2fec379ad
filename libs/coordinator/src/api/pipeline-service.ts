import { streamHandler, unaryHandler } from '@weir/wire/grpc-handler.ts';
import { PacedRows, NewestStates } from '@weir/wire/paced-stream.ts';
import type { Diagnostic, Pipeline, PipelineServiceServer } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { CompileDiagnostic } from '../compile/pipeline-compiler.ts';
import type { Coordinator } from '../coordinator.ts';
import { logged } from './logged-calls.ts';
import { checkedParallelism, checkSqlSize, createPipeline } from './create-pipeline.ts';
import { listPipelines } from './list-pipelines.ts';
import { pipelineView } from './pipeline-view.ts';
import {
  recordNamed,
  wishDelete,
  wishRescale,
  wishResolve,
  wishRestart,
  wishStart,
  wishStop,
} from './pipeline-wishes.ts';
import { tailPipeline } from './tail-pipeline.ts';
import { wishRestore } from './wish-restore.ts';
import { watchPipeline } from './watch-pipeline.ts';

/** Of rows under way to one who looks. */
const tailedCharacters = 4 * 1024 * 1024;

/** A removal is waited for this long; it goes on by itself afterwards. */
const removalWaitMs = 20_000;

/** weir.v1.PipelineService over a coordinator. Any controller answers every call. */
export function pipelineService(coordinator: Coordinator): PipelineServiceServer {
  const { compiler, log } = coordinator.context;
  const view = (record: PipelineRecord): Promise<Pipeline> => pipelineView(coordinator, record);
  return {
    validatePipeline: unaryHandler(async ({ sql, parallelism }) => {
      checkSqlSize(sql);
      const { valid, plan, explain, diagnostics } = await logged(log, 'ValidatePipeline', () =>
        compiler.compile(sql),
      );
      if (plan !== null) checkedParallelism(plan, parallelism);
      return {
        valid,
        diagnostics: diagnostics.map(diagnosticView),
        plan: valid ? explain : '',
      };
    }),
    createPipeline: unaryHandler(async (request) => {
      const { record, created, diagnostics } = await logged(log, 'CreatePipeline', () =>
        createPipeline(coordinator, request),
      );
      const pipeline = record === null ? undefined : await view(record);
      return { pipeline, created, diagnostics: diagnostics.map(diagnosticView) };
    }),
    startPipeline: unaryHandler(async ({ name, fromEpoch }) => {
      if (fromEpoch === undefined) return { pipeline: await view(await wishStart(coordinator, name)) };
      const { record, restore } = await wishRestore(coordinator, name, fromEpoch);
      return { pipeline: await view(record), restore };
    }),
    stopPipeline: unaryHandler(async ({ name, mode }) => ({
      pipeline: await view(await wishStop(coordinator, name, mode)),
    })),
    restartPipeline: unaryHandler(async ({ name }) => ({
      pipeline: await view(await wishRestart(coordinator, name)),
    })),
    rescalePipeline: unaryHandler(async ({ name, parallelism }) => ({
      pipeline: await view(await wishRescale(coordinator, name, parallelism)),
    })),
    resolvePipeline: unaryHandler(async ({ name, as }) => ({
      pipeline: await view(await wishResolve(coordinator, name, as)),
    })),
    getPipeline: unaryHandler(async ({ name }) => ({
      pipeline: await view(await recordNamed(coordinator, name)),
    })),
    listPipelines: unaryHandler(async () => ({ pipelines: await listPipelines(coordinator) })),
    watchPipeline: streamHandler(({ name }, stream, signal) => {
      const states = new NewestStates(stream);
      return watchPipeline(coordinator, name, (pipeline) => states.offer({ pipeline }), signal);
    }),
    deletePipeline: unaryHandler(async ({ name }) => {
      const { id } = await wishDelete(coordinator, name);
      await removed(coordinator, name, id);
      return {};
    }),
    tailPipeline: streamHandler(({ name, table }, stream, signal) => {
      const shown = new PacedRows(stream, tailedCharacters);
      return tailPipeline(coordinator, { name, table }, (rows) => shown.offer(rows), signal);
    }),
  };
}

function diagnosticView(diagnostic: CompileDiagnostic): Diagnostic {
  return { ...diagnostic };
}

async function removed(coordinator: Coordinator, name: string, id: string): Promise<void> {
  const { catalog, ports } = coordinator.context;
  const until = ports.clock.monotonicMs() + removalWaitMs;
  while (ports.clock.monotonicMs() < until && (await catalog.get(name))?.id === id)
    await ports.timers.sleep(50);
}
