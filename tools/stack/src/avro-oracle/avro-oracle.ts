import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WeirError } from '@weir/kernel/errors.ts';
import { cached } from '../download-cache.ts';
import { firstWay } from '../first-way.ts';
import { kafkasJava } from '../java.ts';
import { findOnPath, runCommand } from '../run-command.ts';

/** Schemas as text, values in Avro's JSON encoding. */
export interface AvroPair {
  readonly writer: string;
  readonly reader: string;
  readonly data: readonly unknown[];
}

/** Of each value its binary encoding, and what Java's reader makes of it. Bytes are base64. */
export interface JavaReading {
  readonly records: readonly string[];
  readonly results: readonly ({ readonly ok: unknown } | { readonly error: string })[];
}

const version = '1.12.0';
const source = fileURLToPath(new URL('./AvroOracle.java', import.meta.url));
const pom = `<project>
  <modelVersion>4.0.0</modelVersion><groupId>weir</groupId><artifactId>avro-oracle</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.avro</groupId><artifactId>avro</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.13</version></dependency>
  </dependencies>
</project>
`;

async function libraries(say: (line: string) => void): Promise<string | undefined> {
  return cached(`avro-${version}`, async (folder) => {
    const maven = findOnPath('mvn');
    if (maven === undefined) return false;
    say(`fetching Avro ${version} (Maven Central, 5 MB)`);
    writeFileSync(join(folder, 'pom.xml'), pom);
    const args = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=jars'];
    const fetched = await runCommand(maven, args, { cwd: folder, deadlineMs: 600_000 });
    if (!fetched.ok) say(`mvn failed: ${(fetched.stdout + fetched.stderr).trim().split('\n')[0] ?? ''}`);
    return fetched.ok;
  });
}

/**
 * Asks Java's own Avro what it reads of each pair; all in one run of Java, which compiles its one file itself (a JDK, not only its runtime).
 * @param parse of one line of its answer @throws WeirError WEIR-9016 where there is no Java or no Maven
 */
export async function readByJava(
  pairs: readonly AvroPair[],
  parse: (line: string) => JavaReading,
): Promise<readonly JavaReading[]> {
  const say = (line: string): void => console.error(line);
  const java = await firstWay(kafkasJava, say);
  const folder = java === undefined ? undefined : await libraries(say);
  if (java === undefined || folder === undefined)
    throw unavailable('there is no Java, or no Maven to fetch it');
  const scratch = mkdtempSync(join(tmpdir(), 'weir-avro-'));
  try {
    const file = join(scratch, 'pairs.jsonl');
    writeFileSync(file, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
    const args = ['-XX:TieredStopAtLevel=1', '-cp', join(folder, 'jars', '*'), source, file];
    const { ok, stdout, stderr } = await runCommand(java.program, args, {
      cwd: scratch,
      deadlineMs: 300_000,
    });
    if (!ok) throw unavailable(stderr.trim().split('\n')[0] ?? '');
    return stdout.trim().split('\n').map(parse);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function unavailable(why: string): WeirError {
  return new WeirError('WEIR-9016', `Java's Avro ${version} can't be asked: ${why}`, {
    hint: 'install a JDK, 17 or newer, and Maven',
  });
}
