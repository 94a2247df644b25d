import fc from 'fast-check';
import { Calendars } from '../sessions/calendars';
import { ladderActs } from './ladder-hours';
import { flattened, FRESH_LADDER, latch, type LatchedLadder, resetLadder } from './latched-ladder';
import { type LadderFigures, type LadderSettings, ladderTrips } from './ladder-triggers';
import { isHigher } from './rungs';

const settings: LadderSettings = {
  dailyLoss: { REDUCING: 50_000, FLATTEN: 100_000 },
  drawdownPercent: { REDUCING: 10, HALTED: 15 },
  errorRatePercent: { HALTED: 50 },
  minimumCalls: 4,
  feedAgeMs: { REDUCING: 10_000, HALTED: 60_000 },
};
const quiet: LadderFigures = {
  dailyLoss: 0,
  drawdownPercent: 0,
  brokerCalls: { failed: 0, total: 10 },
  feedAgeMs: 100,
};

describe('the triggers of the kill ladder', () => {
  it.each<[string, Partial<LadderFigures>, string[]]>([
    ['nothing special', {}, []],
    [
      'nothing known',
      { dailyLoss: undefined, drawdownPercent: undefined, brokerCalls: undefined, feedAgeMs: undefined },
      [],
    ],
    ['a profit', { dailyLoss: -1_000_000 }, []],
    ['a loss just below', { dailyLoss: 49_999.99 }, []],
    ['a loss at the limit', { dailyLoss: 50_000 }, ['REDUCING LADDER_DAILY_LOSS']],
    ['twice the loss', { dailyLoss: 100_000 }, ['FLATTEN LADDER_DAILY_LOSS']],
    ['a drawdown', { drawdownPercent: 15 }, ['HALTED LADDER_DRAWDOWN']],
    ['half the calls fail', { brokerCalls: { failed: 2, total: 4 } }, ['HALTED LADDER_ERROR_RATE']],
    ['too few calls to say', { brokerCalls: { failed: 3, total: 3 } }, []],
    ['no calls', { brokerCalls: { failed: 0, total: 0 } }, []],
    ['a stale feed', { feedAgeMs: 10_000 }, ['REDUCING LADDER_STALE_FEED']],
    ['a feed silent for a minute', { feedAgeMs: 60_000 }, ['HALTED LADDER_STALE_FEED']],
    [
      'several at once, the highest first',
      { dailyLoss: 120_000, drawdownPercent: 12, feedAgeMs: 61_000 },
      ['FLATTEN LADDER_DAILY_LOSS', 'HALTED LADDER_STALE_FEED', 'REDUCING LADDER_DRAWDOWN'],
    ],
    ['a figure that is no number', { dailyLoss: Number.NaN }, []],
  ])('%s', (_title, figures, expected) => {
    const trips = ladderTrips({ ...quiet, ...figures }, settings);
    expect(trips.map(({ rung, code }) => `${rung} ${code}`)).toEqual(expected);
  });

  it('say the figure and the threshold', () => {
    expect(ladderTrips({ ...quiet, drawdownPercent: 11 }, settings)[0]).toEqual({
      rung: 'REDUCING',
      code: 'LADDER_DRAWDOWN',
      message: 'REDUCING: the drawdown in percent is 11.00, the threshold is 10',
      figures: { figure: 11, threshold: 10 },
    });
  });
});

describe('the hours of the kill ladder', () => {
  const nse = new Calendars().of('NSE_EQUITY');
  it.each([
    ['within the session', '2026-11-20T11:00:00+05:30', true],
    ['within the minute after it', '2026-11-20T15:30:59+05:30', true],
    ['later', '2026-11-20T15:31:00+05:30', false],
    ['in the pre-open', '2026-11-20T09:10:00+05:30', false],
    ['at night', '2026-11-20T22:00:00+05:30', false],
    ['on a holiday', '2026-11-24T11:00:00+05:30', false],
    ['on a Sunday with a session', '2026-02-01T11:00:00+05:30', true],
    ['on a day that no calendar covers', '2027-01-04T11:00:00+05:30', false],
  ])('%s', (_title, at, acts) => {
    expect(ladderActs(nse, null, Date.parse(at))).toBe(acts);
  });

  it('end while the vendor says that the market is closed', () => {
    const now = Date.parse('2026-11-20T11:00:00+05:30');
    expect(ladderActs(nse, { state: 'closed', since: now, saidAt: now }, now)).toBe(false);
  });
});

describe('the latched ladder', () => {
  const at = (figures: Partial<LadderFigures>, ladder: LatchedLadder = FRESH_LADDER) =>
    latch(ladder, ladderTrips({ ...quiet, ...figures }, settings))?.ladder ?? ladder;

  it('stays where it is when the figures recover', () => {
    const tripped = at({ drawdownPercent: 15 });
    expect(tripped.mode).toBe('HALTED');
    expect(at({}, tripped)).toBe(tripped);
  });

  it('moves up, never down', () => {
    const reducing = at({ dailyLoss: 60_000 });
    const halted = at({ dailyLoss: 60_000, drawdownPercent: 20 }, reducing);
    expect([reducing.mode, halted.mode, at({ dailyLoss: 60_000 }, halted).mode]).toEqual([
      'REDUCING',
      'HALTED',
      'HALTED',
    ]);
  });

  it('flattens once for one reason', () => {
    const halted = flattened(at({ dailyLoss: 200_000 }));
    expect(halted.mode).toBe('HALTED');
    expect(at({ dailyLoss: 300_000 }, halted)).toBe(halted);
  });

  it('trips again after a reset while the figures say so', () => {
    expect(at({ dailyLoss: 200_000 }, resetLadder()).mode).toBe('FLATTEN');
  });

  it('is never lower than before, whatever the figures', () => {
    const figure = fc.option(fc.double({ min: 0, max: 300_000, noNaN: true }), { nil: undefined });
    const figures = fc.record({ dailyLoss: figure, drawdownPercent: figure, feedAgeMs: figure });
    fc.assert(
      fc.property(fc.array(figures, { maxLength: 20 }), (story) => {
        let ladder = FRESH_LADDER;
        for (const chapter of story) {
          const next = at(chapter, ladder);
          expect(isHigher(ladder.mode, next.mode)).toBe(false);
          ladder = next;
        }
      }),
    );
  });
});
