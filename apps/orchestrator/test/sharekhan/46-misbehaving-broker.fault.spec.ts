import { MisbehavingDesk } from './misbehaving-desk';

/** More of them: BRACKET_RUNS=500. */
const RUNS = Number(process.env['BRACKET_RUNS'] ?? 40);
/** So many on one floor: the day report grows with them. */
const ON_ONE_FLOOR = 100;
/** Longest time that a position is without an order that closes it, with two orders lost on their way in a row (milliseconds). */
const NAKED_MS = 60_000;

const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
const floors = Array.from({ length: Math.ceil(RUNS / ON_ONE_FLOOR) }, (_, index) =>
  seeds.slice(index * ON_ONE_FLOOR, (index + 1) * ON_ONE_FLOOR),
);

describe(`46: a broker that misbehaves around brackets, ${RUNS} seeds`, () => {
  it.each(floors.map((own) => [own[0], own.at(-1), own] as const))(
    'seeds %d to %d: never both fill, never is more closed than is held, nothing is naked for longer than stated',
    async (_first, _last, own) => {
      const desk = await MisbehavingDesk.open();
      try {
        const opened = await desk.run(own);
        expect(opened).toBeGreaterThan(own.length / 2);
        const { naked, tooMuch } = desk.watched;
        const sorted = [...naked].sort((a, b) => a - b).map(Math.round);
        const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
        console.info(
          `${own.length} seeds, ${opened} positions, naked ${sorted.length} times: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`,
        );
        expect(tooMuch).toEqual([]);
        expect(Math.max(0, ...naked)).toBeLessThan(NAKED_MS);
      } finally {
        await desk.close();
      }
    },
    1_800_000,
  );
});
