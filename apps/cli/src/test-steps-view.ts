import type { ClientReadableStream } from '@grpc/grpc-js';
import type { TestStep } from '@weir/wire/gen/weir/v1/schema.ts';
import { followStream } from '@weir/wire/grpc-call.ts';
import type { ControllerClient } from './controller-client.ts';

/** Shows the steps of a test as they come. @returns 1 when one has failed */
export async function showSteps(
  client: ControllerClient,
  stream: ClientReadableStream<{ step?: TestStep | undefined }>,
  json: boolean,
): Promise<number> {
  let failed = false;
  await followStream(stream, client.target, ({ step }) => {
    if (step === undefined) return;
    failed ||= step.state === 'failed';
    if (json) process.stdout.write(`${JSON.stringify(step)}\n`);
    else if (step.state !== 'running') process.stdout.write(`${stepLines(step).join('\n')}\n`);
  });
  return failed ? 1 : 0;
}

function stepLines({ step, state, milliseconds, detail, code, hint, option, rowJson }: TestStep): string[] {
  if (rowJson !== '') return [`  ${rowJson}`];
  const took = state === 'skipped' ? '' : ` (${milliseconds.toFixed(0)} ms)`;
  const at = option === '' ? '' : `  option: ${option}`;
  return [
    `${state.padEnd(8)}${step}${took}: ${code === '' ? '' : `${code} `}${detail}`,
    ...(at === '' ? [] : [at]),
    ...(hint === '' ? [] : [`  hint: ${hint}`]),
  ];
}
