import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestModule, TestSuite } from 'vitest/node';

/** What a test run came to. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly files: readonly { readonly file: string; readonly project: string; readonly seconds: number }[];
}

function suitesIn(module: TestModule): TestSuite[] {
  return [...module.children.allSuites()];
}

/**
 * Counts what happened. A file that could not be loaded, a suite whose set-up failed and an error outside every test are a
 * failure each: none of them leaves a failed test behind.
 */
function countTests(modules: readonly TestModule[], unhandled: readonly SerializedError[]): TestCounts {
  const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed++;
      else if (state === 'skipped') counts.skipped++;
      else counts.failed++; // 'failed', or 'pending': begun and never ended
    }
    if (module.errors().length > 0) counts.failed++;
    counts.failed += suitesIn(module).filter((suite) => suite.errors().length > 0).length;
  }
  const files = modules.map((module) => {
    const { collectDuration, duration } = module.diagnostic();
    return {
      file: relative(process.cwd(), module.moduleId),
      project: module.project.name,
      seconds: (collectDuration + duration) / 1000,
    };
  });
  return { ...counts, files };
}

/** Leaves the counts as JSON in the file that `WEIR_TEST_COUNTS` names, for run-tests.ts. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env['WEIR_TEST_COUNTS'];
    if (file) writeFileSync(file, JSON.stringify(countTests(modules, unhandled)));
  }
}
