import { type Bar, DEFAULT_EXITS, type TradingMode } from '@tickbridge/contracts';
import { Calendars, type OpenPosition, Trails } from '@tickbridge/trading-core';
import type { AccountLeases } from '../accounts/account-leases';
import type { TradingClock } from '../market/trading-clock';
import type { TradingFeed } from '../market/trading-feed';
import type { ExitTrails } from '../portfolio/exit-trails';
import type { PositionBook } from '../positions/position-book';
import type { StrategyDesk } from '../strategies/strategy-desk';
import type { TradingStateService } from '../trading-state/trading-state.service';
import { BarProcessor } from './bar-processor';

const BAR_MS = 60_000;
const NOON = Date.parse('2026-11-20T12:00:00+05:30');
const SQUARE_OFF = Date.parse('2026-11-20T15:15:00+05:30');
const calendar = new Calendars().of('NSE_EQUITY');
const feed = { name: 'truedata', recorded: false, calendarOf: () => calendar } as unknown as TradingFeed;

const bar = (openTime: number, low: number, high: number, close: number): Bar => ({
  symbol: 'ACME',
  intervalMs: BAR_MS,
  openTime,
  open: close,
  high,
  low,
  close,
  volume: 100,
  trades: 10,
  sequence: 1,
  bid: null,
  bidQuantity: null,
  ask: null,
  askQuantity: null,
});
const position = (more: Partial<OpenPosition & { changedAt: number }> = {}) => ({
  accountId: 'A',
  strategy: 'manual',
  symbol: 'ACME',
  product: 'intraday' as OpenPosition['product'],
  quantity: 10,
  averagePrice: 100,
  stopLoss: 95,
  target: 110,
  openedAt: NOON,
  changedAt: NOON,
  ...more,
});

function exits(held: ReturnType<typeof position>, one: Bar, mode: TradingMode = 'ACTIVE') {
  const processor = new BarProcessor(
    {
      onBar: () => [],
      rangeOf: () => null,
      exitsOf: () => DEFAULT_EXITS,
      countSignal: () => undefined,
    } as unknown as StrategyDesk,
    { guarded: () => [held] } as unknown as PositionBook,
    { holds: () => true } as unknown as AccountLeases,
    { current: { running: true, mode } } as unknown as TradingStateService,
    { now: () => one.openTime + BAR_MS } as TradingClock,
    { trails: new Trails() } as ExitTrails,
  );
  const { signals } = processor.act({ feed, bar: one });
  return signals.map(({ action, accountId, reason }) => [action, accountId, reason.split(' ')[0]]);
}

describe('positions of people, shown a bar', () => {
  const later = NOON + BAR_MS;

  it.each([
    ['at the stop', position(), bar(later, 94, 101, 100), 'Stop'],
    ['at the target', position(), bar(later, 99, 111, 100), 'Target'],
    ['between them', position(), bar(later, 96, 109, 100), undefined],
    ['at both before the entry', position({ changedAt: NOON + 30_000 }), bar(NOON, 90, 115, 100), undefined],
    [
      'closing at the stop in the minute of the entry',
      position({ changedAt: NOON + 30_000 }),
      bar(NOON, 90, 101, 94),
      'Stop',
    ],
    ['at the square-off time', position(), bar(SQUARE_OFF, 99, 101, 100), 'Intraday'],
    [
      'at the square-off time, held for delivery',
      position({ product: 'delivery' }),
      bar(SQUARE_OFF, 99, 101, 100),
      undefined,
    ],
    [
      'at the square-off time, without levels',
      position({ stopLoss: null, target: null }),
      bar(SQUARE_OFF, 99, 101, 100),
      undefined,
    ],
  ] as const)('%s', (_title, held, one, reason) => {
    expect(exits(held, one)).toEqual(reason === undefined ? [] : [['EXIT', 'A', reason]]);
  });

  it.each([
    ['REDUCING', 1],
    ['HALTED', 0],
    ['FLATTEN', 0],
  ] as const)('leave by themselves in %s: %d', (mode, count) => {
    expect(exits(position(), bar(later, 94, 101, 94), mode)).toHaveLength(count);
  });

  it('leave a strategy on every account', () => {
    expect(exits(position({ strategy: 'momentum-breakout' }), bar(later, 94, 101, 94))).toEqual([
      ['EXIT', undefined, 'Stop'],
    ]);
  });
});
