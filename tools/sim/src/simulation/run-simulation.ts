import { createPipeline } from '@weir/coordinator/api/create-pipeline.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { SimWorld } from '@weir/testkit/sim/sim-world.ts';
import { isComplete, outputProblems } from './check-output.ts';
import { SimCluster } from './sim-cluster.ts';
import { SimInput } from './sim-input.ts';
import { pipelineName, pipelineSql, rememberingCompiler, topics } from './sim-pipeline.ts';

const compiler = rememberingCompiler();

export interface RunResult {
  readonly seed: string;
  readonly problems: readonly string[];
  readonly steps: number;
  readonly virtualMs: number;
  readonly records: number;
}

export async function runSimulation(seed: string, onTrace: (line: string) => void): Promise<RunResult> {
  const world = new SimWorld(seed);
  world.onTrace = onTrace;
  const cluster = new SimCluster(world, compiler);
  const { kafka } = cluster;
  const input = new SimInput(world, kafka);
  kafka.createTopic(topics.kept, 2);
  kafka.createTopic(topics.windows, 2);
  const controller = cluster.add('controller', 'c1');
  cluster.add('worker', 'w1');
  cluster.add('worker', 'w2');
  await world.run(5000, () => controller.coordinator !== null);
  const problems: string[] = [];
  controller.process.dispatch(() => {
    if (controller.coordinator === null) return;
    const sql = pipelineSql(kafka.bootstrap, '70s');
    const request = {
      name: pipelineName,
      sql,
      parallelism: 2,
      checkpointInterval: '100ms',
      doNotStart: false,
    };
    createPipeline(controller.coordinator, request).then(
      ({ diagnostics }) => problems.push(...diagnostics.map((each) => `${each.code} ${each.message}`)),
      (error: unknown) => problems.push(describeError(error)),
    );
  });
  input.start(world.nowMs + 6000);
  await world.run(60_000, () => {
    if (problems.length > 0) return true;
    return input.ended && world.steps % 64 === 0 && isComplete(kafka, input.expected());
  });
  await world.run(world.nowMs + 1000, () => false);
  const expected = input.expected();
  problems.push(...outputProblems(kafka, expected), ...cluster.uncaught);
  return { seed, problems, steps: world.steps, virtualMs: world.nowMs, records: expected.kept.size };
}
