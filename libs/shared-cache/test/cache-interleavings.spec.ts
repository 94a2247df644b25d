import { Logger } from '@nestjs/common';
import { PLANTED_BUGS } from './cache-interleavings/planted-bugs';
import { type Bug, Simulation } from './cache-interleavings/simulation';

// CACHE_SEED=<n> repeats one schedule and prints it; CACHE_SCHEDULES=<n> sets how many are tried.
const ONLY = process.env['CACHE_SEED'];
const SCHEDULES = Number(process.env['CACHE_SCHEDULES'] ?? 100_000);
/** So many may pass before a planted bug shows. */
const PATIENCE = 20_000;
const MAX_FAILURES = 5;

/** Runs one schedule. @returns what it broke, with all that happened if `tracing` */
async function broken(seed: number, bug: Bug = {}, tracing = false): Promise<string | undefined> {
  const simulation = new Simulation(seed, bug, tracing);
  try {
    await simulation.run();
    return undefined;
  } catch (error) {
    return [`CACHE_SEED=${seed}: ${(error as Error).message}`, ...simulation.trace].join('\n');
  }
}

describe('interleavings of several processes', () => {
  beforeAll(() => Logger.overrideLogger(false));

  if (ONLY) {
    it(`keep every promise with seed ${ONLY}`, async () => {
      expect(await broken(Number(ONLY), {}, true)).toBeUndefined();
    });
    return;
  }

  it(`keep every promise over ${SCHEDULES} seeded schedules`, async () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= SCHEDULES && failures.length < MAX_FAILURES; seed += 1) {
      const failure = await broken(seed);
      if (failure) failures.push(failure);
    }
    expect(failures).toEqual([]);
  }, 1_800_000);

  it.each(Object.entries(PLANTED_BUGS))(
    'shows that %s',
    async (_name, bug) => {
      for (let seed = 1; seed <= PATIENCE; seed += 1) {
        const failure = await broken(seed, bug);
        if (!failure) continue;
        // And shows it again.
        expect(await broken(seed, bug)).toBe(failure);
        return;
      }
      throw new Error(`none of ${PATIENCE} schedules showed it`);
    },
    120_000,
  );
});
