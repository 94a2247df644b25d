import { RecordingSink } from '../../testing/recording-sink';
import { TEN_O_CLOCK, trade } from '../../testing/updates';
import { until } from '@tickbridge/shared-cache/testing';
import { type TickHistory, TrueDataGapFill } from './truedata.gap-fill';
import { type HistoryTick, parseTicks } from './truedata.history';

const second = (seconds: number) => TEN_O_CLOCK + seconds * 1_000;
const tick = (seconds: number, price: number, quantity = 10): HistoryTick => ({
  eventTime: second(seconds),
  price,
  quantity,
});

describe('gap fill of TrueData', () => {
  let sink: RecordingSink;
  let asked: { symbol: string; from: number; to: number }[];
  let answer: (attempt: number) => readonly HistoryTick[] | Error;
  let clock: number;
  let gapFill: TrueDataGapFill;

  /** A trade on the wire: the day's volume rises by ten with each number. */
  const see = (tradeNumber: number, seconds: number) => {
    const volume = tradeNumber * 10;
    const session = { volume, open: null, high: null, low: null, previousClose: null, openInterest: null };
    gapFill.see(trade({ tradeNumber, eventTime: second(seconds), session, readAt: second(seconds) }));
  };
  const filled = () =>
    sink.updates.map((update) => (update.kind === 'trade' ? [update.tradeNumber, update.price] : []));

  beforeEach(() => {
    sink = new RecordingSink();
    asked = [];
    clock = second(100);
    const history: TickHistory = {
      ticks: (symbol, from, to) => {
        asked.push({ symbol, from, to });
        const result = answer(asked.length);
        return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
      },
    };
    // Every look at the clock finds a retry due.
    gapFill = new TrueDataGapFill(history, sink, { pauseMs: 0, now: () => (clock += 10_000) });
  });

  afterEach(() => gapFill.stop());

  it('takes exactly the trades that are missing, between those that came in the same seconds', async () => {
    answer = () => [tick(0, 1), tick(0, 2), tick(0, 3), tick(4, 4), tick(9, 5), tick(9, 6), tick(9, 7)];
    see(11, 0);
    see(12, 0);
    gapFill.connectionStarted();
    see(16, 9);
    see(17, 9);
    await until('three trades', () => sink.updates.length === 3);
    expect(asked).toEqual([{ symbol: 'RELIANCE', from: second(0), to: second(9) }]);
    expect(filled()).toEqual([
      [13, 3],
      [14, 4],
      [15, 5],
    ]);
    expect(gapFill.filledTrades).toBe(3);
  });

  it('asks nothing when nothing is missing, when numbers begin anew, and within a connection', async () => {
    answer = () => [];
    see(1, 0);
    see(5, 1);
    gapFill.connectionStarted();
    see(6, 2);
    gapFill.connectionStarted();
    see(1, 3);
    see(2, 4);
    gapFill.connectionStarted();
    see(5, 9);
    await until('the only question', () => asked.length > 0);
    expect(asked[0]).toMatchObject({ from: second(4), to: second(9) });
  });

  it('asks again while the history is behind, and then takes what there is', async () => {
    answer = (attempt) => (attempt < 3 ? [tick(0, 1)] : [tick(0, 1), tick(5, 2)]);
    see(1, 0);
    gapFill.connectionStarted();
    see(4, 9);
    await until('the one trade', () => sink.updates.length === 1);
    expect(asked).toHaveLength(3);
    expect(filled()).toEqual([[2, 2]]);
  });

  it.each<[string, readonly HistoryTick[] | Error]>([
    ['the vendor refuses', new Error('API request quota exceeded!')],
    ['the figures mean something else', [tick(0, 1), tick(4, 2, 5_000)]],
  ])('leaves a gap open when %s', async (_, result) => {
    answer = () => result;
    see(1, 0);
    gapFill.connectionStarted();
    see(3, 9);
    await until('the last attempt', () => asked.length === 3);
    expect(sink.updates).toEqual([]);
  });

  it('reads columns by their names, and an error that comes as text', () => {
    const csv = 'timestamp,volume,ltp,oi\r\n2025-09-22T10:00:00,7,1400.5,0\r\nnonsense\r\n';
    expect(parseTicks(csv)).toEqual([tick(0, 1_400.5, 7)]);
    expect(parseTicks('No data exists for X')).toEqual([]);
    expect(parseTicks('')).toEqual([]);
    expect(() => parseTicks('API request quota exceeded!')).toThrow('API request quota exceeded!');
  });
});
