import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WeirError } from '@weir/kernel/errors.ts';
import { cached } from '@weir/tool-stack/download-cache.ts';
import { pipInstall } from '@weir/tool-stack/pip-install.ts';
import { findOnPath, runCommand } from '@weir/tool-stack/run-command.ts';
import type { CommittedReader, JudgedRecord } from './committed-reader.ts';

const script = fileURLToPath(new URL('read_committed.py', import.meta.url));
const packageName = 'confluent-kafka';

/** librdkafka's consumer through Python, or undefined where there is no Python or the package can't be had. */
export async function librdkafkaReader(bootstrap: string): Promise<CommittedReader | undefined> {
  const python = findOnPath('python3', 'python');
  if (python === undefined) return undefined;
  const folder = await cached(`${packageName}-pypi`, (target) => pipInstall(packageName, target));
  if (folder === undefined) return undefined;
  const env = { PYTHONPATH: folder };
  const asked = await runCommand(python, ['-c', 'import confluent_kafka as c; print(c.libversion()[0])'], {
    env,
  });
  if (!asked.ok) return undefined;
  return {
    name: `librdkafka ${asked.stdout.trim()}`,
    read: (topic, onRecord) => read(python, env, [script, bootstrap, topic], onRecord),
  };
}

async function read(
  python: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  onRecord: (record: JudgedRecord) => void,
): Promise<void> {
  const child = spawn(python, [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const [partition, offset, value] = JSON.parse(line) as [number, number, string | null];
    onRecord({ partition, offset, value: value ?? '' });
  }
  const code = await ended;
  if (code !== 0)
    throw new WeirError('WEIR-9062', `the judge's reader ended with ${code}: ${complaint.trim()}`);
}
