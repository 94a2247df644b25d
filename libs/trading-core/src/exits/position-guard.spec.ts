import type { Bar } from '@tickbridge/contracts';
import { aBar } from '../testing/bars';
import { guardPosition, type GuardedPosition } from './position-guard';

const cutoff = Date.parse('2026-11-20T09:45:00Z');
const long: GuardedPosition = {
  strategy: 's',
  symbol: 'ACME',
  quantity: 10,
  stopLoss: 95,
  target: 110,
  trailingStop: null,
  squareOffTime: cutoff,
};
const short: GuardedPosition = { ...long, quantity: -10, stopLoss: 105, target: 90 };

describe('the position guard', () => {
  it.each<[string, GuardedPosition, Partial<Bar>, string | undefined]>([
    ['leaves a long alone between stop and target', long, { low: 95.01, high: 109.99 }, undefined],
    ['ends a long at its stop', long, { low: 95, high: 100 }, 'stop-loss'],
    ['ends a long at its target', long, { low: 100, high: 110 }, 'target'],
    ['assumes the stop when a bar touches both', long, { low: 94, high: 111 }, 'stop-loss'],
    ['ends a short at its stop', short, { low: 100, high: 105 }, 'stop-loss'],
    ['ends a short at its target', short, { low: 90, high: 100 }, 'target'],
    [
      'does not guess levels that were not given',
      { ...long, stopLoss: null, target: null },
      { low: 1, high: 999 },
      undefined,
    ],
    ['ends every position at the square-off time', long, { openTime: cutoff - 5_000 }, 'square-off'],
    ['not one bar earlier', long, { openTime: cutoff - 10_000 }, undefined],
  ])('%s', (_title, position, bar, cause) => {
    expect(guardPosition(position, aBar(bar))?.cause).toBe(cause);
  });

  it.each<[string, GuardedPosition, Partial<Bar>, string | undefined]>([
    [
      'the trailing stop when it is the nearer one',
      { ...long, trailingStop: 98 },
      { low: 94, high: 99 },
      'trailing-stop',
    ],
    ['the stop when that is nearer', { ...long, trailingStop: 90 }, { low: 89, high: 99 }, 'stop-loss'],
    [
      'the trailing stop of a short',
      { ...short, trailingStop: 102 },
      { low: 99, high: 103 },
      'trailing-stop',
    ],
    [
      'a trailing stop without any other',
      { ...long, stopLoss: null, trailingStop: 98 },
      { low: 98 },
      'trailing-stop',
    ],
  ])('ends a position at %s', (_title, position, bar, cause) => {
    expect(guardPosition(position, aBar(bar))?.cause).toBe(cause);
  });

  it('lets a position stay where there is no square-off', () => {
    expect(guardPosition({ ...long, squareOffTime: null }, aBar({ openTime: cutoff }))).toBeUndefined();
  });
});
