import fc from 'fast-check';
import { PricePath } from './price-path';
import { Random } from './random';
import { nextRegime, type Regime } from './regime';
import { SimulatedMarket } from './simulated-market';
import { liveliness, SESSION_MS } from './trading-session';

const OPENING = Date.UTC(2026, 0, 5, 6);
const STEP_MS = 15_000;
const STEPS = SESSION_MS / STEP_MS;

/** Log prices of one session, every fifteen seconds. */
function session(seed: number): { prices: number[]; regimes: string[] } {
  const path = new PricePath(new Random(seed), 1_000, OPENING);
  const prices = [Math.log(path.price)];
  const regimes = [];
  for (let step = 1; step <= STEPS; step += 1) {
    path.advanceTo(OPENING + step * STEP_MS, 0);
    prices.push(Math.log(path.price));
    regimes.push(path.regimeName);
  }
  return { prices, regimes };
}

const sessions = Array.from({ length: 300 }, (_, index) => session(1_000 + index));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => mean(values.map((value) => value ** 2)) - mean(values) ** 2;

/** Returns over so many steps. */
function returns(prices: readonly number[], steps: number): number[] {
  const found = [];
  for (let at = steps; at < prices.length; at += steps) {
    found.push((prices[at] as number) - (prices[at - steps] as number));
  }
  return found;
}

const all = (steps: number) => sessions.flatMap(({ prices }) => returns(prices, steps));

describe('the simulated market over many sessions', () => {
  it('goes nowhere on average: its trends have no favourite direction', () => {
    const whole = sessions.map(({ prices }) => (prices.at(-1) as number) - (prices[0] as number));
    expect(Math.abs(mean(whole))).toBeLessThan(3 * Math.sqrt(variance(whole) / whole.length));
  });

  it('moves as much in a session as shares do', () => {
    const percent = Math.sqrt(variance(all(1)) * STEPS) * 100;
    expect(percent).toBeGreaterThan(0.8);
    expect(percent).toBeLessThan(3);
  });

  it('is liveliest after the opening, quiet in the middle, and livelier before the close', () => {
    const spread = (from: number, to: number) =>
      Math.sqrt(
        variance(sessions.flatMap(({ prices }) => returns(prices, 1).slice(from * STEPS, to * STEPS))),
      );
    const middle = spread(0.4, 0.6);
    expect(spread(0, 0.05) / middle).toBeGreaterThan(1.4);
    expect(spread(0.95, 1) / middle).toBeGreaterThan(1.25);
    const mostly = Array.from({ length: 1_000 }, (_, index) =>
      liveliness(OPENING + (index / 1_000) * SESSION_MS),
    );
    expect(mean(mostly)).toBeCloseTo(1, 1);
  });

  it('trades more after the opening than in the middle', () => {
    const market = new SimulatedMarket({ seed: 3, ticksPerSecond: 200 }, OPENING + SESSION_MS - 1);
    const volumes = [0, 0];
    for (const { minutes } of market.symbols) {
      for (const { start, volume } of minutes.latest(400)) {
        const minute = (start - OPENING) / 60_000;
        if (minute >= 0 && minute < 20) volumes[0]! += volume;
        if (minute >= 170 && minute < 190) volumes[1]! += volume;
      }
    }
    expect(volumes[0]! / volumes[1]!).toBeGreaterThan(1.5);
  });

  it('has trends: it goes farther in half an hour than a walk by chance of its minutes', () => {
    expect(variance(all(120)) / (30 * variance(all(4)))).toBeGreaterThan(1.1);
  });

  it('has larger moves, and more very small ones, than a normal distribution', () => {
    const small = all(1);
    const centre = mean(small);
    const fourth = mean(small.map((value) => (value - centre) ** 4));
    expect(fourth / variance(small) ** 2).toBeGreaterThan(3.5);
  });

  it('is a range most of the time, then trends and reversals, seldom news', () => {
    const seen = sessions.flatMap(({ regimes }) => regimes);
    const share = (name: string) => seen.filter((one) => one === name).length / seen.length;
    expect(share('range')).toBeGreaterThan(share('trend'));
    expect(share('trend')).toBeGreaterThan(share('reversal'));
    expect(share('reversal')).toBeGreaterThan(share('news'));
    expect(share('news')).toBeGreaterThan(0);
  });

  it('reverses against what came before, and gives the same regimes for the same seed', () => {
    const chain = (seed: number) => {
      const random = new Random(seed);
      const found: Regime[] = [];
      for (let count = 0; count < 60; count += 1) found.push(nextRegime(random, OPENING, found.at(-1)));
      return found;
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const regimes = chain(seed);
        expect(chain(seed)).toEqual(regimes);
        for (const [index, { name, direction, drift }] of regimes.entries()) {
          const before = regimes[index - 1];
          if (name === 'reversal' && before) expect(direction).toBe(-before.direction);
          expect(drift * direction).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('gives the same prices for the same seed, and others for another', () => {
    expect(session(5).prices).toEqual(session(5).prices);
    expect(session(5).prices).not.toEqual(session(6).prices);
  });
});
