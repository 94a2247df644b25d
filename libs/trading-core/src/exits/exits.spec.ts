import {
  DEFAULT_EXITS,
  exitSettingsChangeSchema,
  exitSettingsSchema,
  type ExitSettings,
} from '@tickbridge/contracts';
import fc from 'fast-check';
import { Calendars } from '../sessions/calendars';
import { MINUTE_MS } from '../sessions/session-calendar';
import { aBar, FIRST_BAR_MS } from '../testing/bars';
import { entryRefusal } from './entry-gate';
import { entryLevels, squareOffTime } from './exit-levels';
import { lifeAfter, NO_LIFE, type PositionLife } from './position-life';
import { type OpenPosition, Trails } from './trails';

const calendars = new Calendars();
const nse = calendars.of('NSE_EQUITY');
const crypto = calendars.of('CRYPTO');
const exits = (values: Partial<ExitSettings>): ExitSettings => ({ ...DEFAULT_EXITS, ...values });
const own = { stopLoss: 95, target: 110 };

describe('the levels of an entry', () => {
  const long = { price: 100, direction: 1, range: 2 } as const;
  const short = { price: 100, direction: -1, range: 2 } as const;

  it.each([
    ["the strategy's own", long, {}, own],
    [
      'percent of a long',
      long,
      { stopLoss: { kind: 'percent', percent: 1 }, target: { kind: 'percent', percent: 3 } },
      { stopLoss: 99, target: 103 },
    ],
    [
      'percent of a short',
      short,
      { stopLoss: { kind: 'percent', percent: 1 }, target: { kind: 'percent', percent: 3 } },
      { stopLoss: 101, target: 97 },
    ],
    [
      'ranges',
      short,
      { stopLoss: { kind: 'atr', multiple: 2 }, target: { kind: 'atr', multiple: 4 } },
      { stopLoss: 104, target: 92 },
    ],
    ['no target', long, { target: { kind: 'none' } }, { stopLoss: 95, target: null }],
    [
      'own levels while the range is not known',
      { ...long, range: null },
      { stopLoss: { kind: 'atr', multiple: 2 } },
      own,
    ],
    [
      'no level at or below zero',
      { ...long, range: 60 },
      { stopLoss: { kind: 'atr', multiple: 2 } },
      { stopLoss: null, target: 110 },
    ],
  ] as const)('are %s', (_title, basis, settings, levels) => {
    expect(entryLevels(own, exits(settings as Partial<ExitSettings>), basis)).toEqual(levels);
  });
});

describe('the square-off time', () => {
  const at = Date.parse('2026-11-20T05:00:00Z');
  it.each([
    ["the market's", nse, null, '2026-11-20T09:45:00.000Z'],
    ['an earlier one of the strategy, on the clock of India', nse, '14:30', '2026-11-20T09:00:00.000Z'],
    ["the market's when the strategy's is later", nse, '15:20', '2026-11-20T09:45:00.000Z'],
    ['in UTC for crypto', crypto, '22:00', '2026-11-20T22:00:00.000Z'],
  ])('is %s', (_title, calendar, squareOffAt, expected) => {
    expect(new Date(squareOffTime(at, { squareOffAt }, calendar, 'intraday') ?? 0).toISOString()).toBe(
      expected,
    );
  });

  it('is none where the market never closes and nobody set one', () => {
    expect(squareOffTime(at, DEFAULT_EXITS, crypto, 'spot')).toBeNull();
  });

  it('of the market does not end what is held for delivery; that of the strategy does', () => {
    expect(squareOffTime(at, DEFAULT_EXITS, nse, 'delivery')).toBeNull();
    const own = squareOffTime(at, { squareOffAt: '15:20' }, nse, 'delivery');
    expect(new Date(own ?? 0).toISOString()).toBe('2026-11-20T09:50:00.000Z');
  });
});

describe('a trailing stop', () => {
  const position: OpenPosition = {
    accountId: 'A',
    strategy: 's',
    symbol: 'ACME',
    product: 'intraday',
    quantity: 10,
    averagePrice: 100,
    stopLoss: 95,
    target: null,
    openedAt: 1,
  };
  const trailing = exits({ trailingStop: { kind: 'percent', percent: 10 } });
  const stopOf = (trails: Trails, held = position) =>
    trails.guard(held, trailing, null, FIRST_BAR_MS, nse).trailingStop;

  it('starts below the entry, follows the highs, and never falls', () => {
    const trails = new Trails();
    expect(stopOf(trails)).toBe(90);
    trails.follow(position, aBar({ high: 120 }), null);
    expect(stopOf(trails)).toBe(108);
    trails.follow(position, aBar({ high: 110 }), null);
    expect(stopOf(trails)).toBe(108);
  });

  it('follows the lows of a short', () => {
    const trails = new Trails();
    const short = { ...position, quantity: -10 };
    trails.follow(short, aBar({ low: 80 }), null);
    expect(stopOf(trails, short)).toBeCloseTo(88, 10);
  });

  it('begins anew with the next position', () => {
    const trails = new Trails();
    trails.follow(position, aBar({ high: 120 }), null);
    expect(stopOf(trails, { ...position, openedAt: 2 })).toBe(90);
  });

  it('goes on where it stood after a restart, whatever was stored last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 50, max: 200, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.nat(29),
        (highs, cut) => {
          const straight = new Trails();
          for (const high of highs) straight.follow(position, aBar({ high }), 1);
          const before = new Trails();
          for (const high of highs.slice(0, cut)) before.follow(position, aBar({ high }), 1);
          const after = new Trails();
          after.restore(before.takeChanges(), () => 1);
          for (const high of highs.slice(cut)) after.follow(position, aBar({ high }), 1);
          expect(stopOf(after)).toBe(stopOf(straight));
        },
      ),
    );
  });

  it('keeps the better of what was stored and what was seen since', () => {
    const trails = new Trails();
    trails.follow(position, aBar({ high: 110 }), 3);
    trails.restore([{ ...position, best: 120, range: 2 }], () => 1);
    expect(stopOf(trails)).toBe(108);
    expect(trails.takeChanges()).toMatchObject([{ best: 120, range: 2 }]);
  });

  it('gives changes that could not be stored again', () => {
    const trails = new Trails();
    trails.follow(position, aBar({ high: 110 }), null);
    const changes = trails.takeChanges();
    expect(trails.takeChanges()).toEqual([]);
    trails.giveBack(changes);
    expect(trails.takeChanges()).toEqual(changes);
  });
});

describe('the entry gate', () => {
  const day = nse.tradingDayStart(FIRST_BAR_MS);
  const life = (values: Partial<PositionLife>): PositionLife => ({ ...NO_LIFE, day, ...values });
  const left = life({ lastExitAt: FIRST_BAR_MS, entries: 2 });
  const after = (minutes: number) => FIRST_BAR_MS + minutes * MINUTE_MS;

  it.each([
    ['an entry without settings', DEFAULT_EXITS, left, 0, undefined],
    ['one within the cooldown', exits({ cooldownMinutes: 10 }), left, 9.9, 'exit-cooldown'],
    ['one after it', exits({ cooldownMinutes: 10 }), left, 10, undefined],
    ['a first entry in spite of a cooldown', exits({ cooldownMinutes: 10 }), NO_LIFE, 0, undefined],
    ['the last re-entry', exits({ maxReentriesPerDay: 2 }), left, 1, undefined],
    ['one re-entry more', exits({ maxReentriesPerDay: 1 }), left, 1, 'reentries-used-up'],
    ['the first entry of the next day', exits({ maxReentriesPerDay: 0 }), left, 24 * 60, undefined],
    ['an entry after the square-off time', exits({ squareOffAt: '09:16' }), NO_LIFE, 1, 'after-square-off'],
  ] as const)('answers %s', (_title, settings, lived, minutes, refusal) => {
    expect(entryRefusal(settings, lived, after(minutes), nse, 'intraday')).toBe(refusal);
  });

  it('counts openings and exits of every path of quantities, turns through zero included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 }), (path) => {
        let lived = NO_LIFE;
        let before = 0;
        for (const [at, quantity] of path.entries()) {
          lived = lifeAfter(lived, { before, after: quantity, at, day: 0 });
          before = quantity;
        }
        const pairs = path.map((quantity, index) => [path[index - 1] ?? 0, quantity] as const);
        const opened = pairs.filter(([was, is]) => is !== 0 && (was === 0 || was > 0 !== is > 0));
        expect(lived.entries).toBe(opened.length);
        expect(lived.openedAt === null).toBe(before === 0);
      }),
    );
  });
});

describe('exit settings', () => {
  it.each([
    ['a stop that is left out', { stopLoss: { kind: 'none' } }],
    ['a percentage of nothing', { stopLoss: { kind: 'percent', percent: 0 } }],
    ['a time that is none', { squareOffAt: '24:00' }],
    ['a negative pause', { cooldownMinutes: -1 }],
    ['half a re-entry', { maxReentriesPerDay: 0.5 }],
    ['an unknown name', { stopLos: { kind: 'signal' } }],
  ])('refuse %s', (_title, values) => {
    expect(exitSettingsSchema.safeParse(values).success).toBe(false);
    expect(exitSettingsChangeSchema.safeParse(values).success).toBe(false);
  });

  it('change only what is named', () => {
    expect(exitSettingsChangeSchema.parse({ cooldownMinutes: 5 })).toEqual({ cooldownMinutes: 5 });
  });
});
