// npm run recompute: are the platform's backtests what an independent program makes of the recordings? docs/backtests.md
//
//   npm run recompute -- --seed=1 --random=10 --data=../shared/data --keep=/tmp/runs
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { which } from './lib/processes.mjs';
import { runPackage } from './lib/programs.mjs';
import { red, step, UserError } from './lib/report.mjs';
import { ROOT } from './lib/workspace.mjs';
import { runsToCompare } from './recompute/settings.mjs';
import { writePlatformRuns } from './recompute/write-platform-runs.mjs';

/** Recomputed figures that `recomputed.spec.ts` compares with, also where there is no Python. */
const RECORD = join(ROOT, 'libs/trading-core/src/testing/recomputed-runs.json');

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    random: { type: 'string', default: '3' },
    data: { type: 'string', default: join(ROOT, '../shared/data') },
    keep: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});

try {
  process.exitCode = await recompute();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(red(error.message));
  process.exitCode = 2;
}

/** @returns {Promise<number>} 0 when all is equal, 1 when something differs */
async function recompute() {
  const python = findPython();
  const data = resolve(options.data);
  if (!existsSync(data)) {
    throw new UserError(`There is no recorded market data in ${data}: name its folder with --data=.`);
  }
  const runs = runsToCompare(numberOf('seed'), numberOf('random'));
  const directory = options.keep ? resolve(options.keep) : await mkdtemp(join(tmpdir(), 'recompute-'));
  await mkdir(directory, { recursive: true });
  try {
    await step(`the platform's ${runs.length} backtests`, () => writePlatformRuns(directory, runs, data));
    const program = join(ROOT, 'tools/recompute/python');
    // -B: no compiled files beside the sources.
    const { record } = options;
    const args = ['-B', program, directory, data, ...(record ? [RECORD] : [])];
    const { status } = spawnSync(python, args, { stdio: 'inherit' });
    if (record) await runPackage('prettier', ['--write', RECORD]);
    return status ?? 1;
  } finally {
    if (!options.keep) await rm(directory, { recursive: true, force: true });
  }
}

function findPython() {
  for (const name of ['python3', 'python']) {
    const path = which(name);
    const version = path && spawnSync(path, ['-c', 'import sys; print(sys.version_info >= (3, 9))']).stdout;
    if (version?.toString().trim() === 'True') return path;
  }
  throw new UserError(
    'Python 3.9 or later was not found. The recomputation is a program in Python that needs nothing else: install python3. Nothing was compared.',
  );
}

function numberOf(option) {
  const number = Number(options[option]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new UserError(`--${option}=${options[option]}: expected a whole number.`);
}
