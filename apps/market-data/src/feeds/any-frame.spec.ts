import { Logger } from '@nestjs/common';
import { FUZZ_RUNS, hostileTexts } from '@tickbridge/shared-cache/testing';
import { RecordedBars } from '@tickbridge/trading-core';
import fc from 'fast-check';
import type { MarketUpdate } from '../ticks/market-update';
import { TickBook } from '../ticks/tick-book';
import { TickGate } from '../ticks/tick-gate';
import { AlpacaConversation } from './alpaca/alpaca.conversation';
import { AlpacaMinutes } from './alpaca/alpaca.minutes';
import { parseSnapshots } from './alpaca/alpaca.snapshots';
import { AlpacaSubscription } from './alpaca/alpaca.subscription';
import { BinanceConversation } from './binance/binance.conversation';
import { FeedSink } from './feed-sink';
import type { SocketControl } from './supervised-socket';
import { TrueDataConversation } from './truedata/truedata.conversation';
import { TrueDataSubscription } from './truedata/truedata.subscription';
import { VendorWord } from './vendor-word';
import { tickToJson } from '@tickbridge/contracts';

const NOW = 1_723_161_256_000;
const now = () => NOW;

const socket: SocketControl = {
  send: () => undefined,
  ready: () => undefined,
  note: () => undefined,
  retry: () => undefined,
  retryLater: () => undefined,
  giveUp: () => undefined,
};

/** Gate and book behind a feed, as the pipeline has them: what passes is written as every reader writes it. */
class Intake extends FeedSink {
  readonly gate = new TickGate();
  readonly book = new TickBook('truedata');
  /** Symbols whose candles are to be loaded again. */
  readonly amended = new Set<string>();
  taken = 0;
  refused = 0;

  override accept(update: MarketUpdate): void {
    const verdict = this.gate.judge(update);
    JSON.stringify(update);
    if (verdict !== 'pass') return this.reject();
    this.taken += 1;
    const tick = this.book.apply(update, NOW);
    if (!tick) return;
    expect(tick.lastPrice).toBeGreaterThan(0);
    JSON.stringify(tickToJson(tick));
  }

  override reject(): void {
    this.refused += 1;
  }

  override ignore(): void {
    this.refused += 1;
  }

  override connectionStarted(): void {
    this.gate.connectionStarted();
  }

  override tradesLost(symbols: readonly string[]): void {
    for (const symbol of symbols) this.amended.add(symbol);
  }

  override ended(): void {
    throw new Error('no recording');
  }
}

const BINANCE = [
  {
    stream: 'btcusdt@trade',
    data: { e: 'trade', E: NOW, s: 'BTCUSDT', t: 7, p: '61837.63', q: '0.02', T: NOW - 9 },
  },
  {
    stream: 'btcusdt@bookTicker',
    data: { u: 5, s: 'BTCUSDT', b: '61837.63', B: '3.7', a: '61837.64', A: '1.5' },
  },
  {
    stream: 'btcusdt@miniTicker',
    data: {
      e: '24hrMiniTicker',
      E: NOW,
      s: 'BTCUSDT',
      c: '61850.00',
      o: '1',
      h: '2',
      l: '1',
      v: '1',
      q: '1',
    },
  },
  { code: 2, msg: 'Invalid request' },
];
const TIME = '2024-08-09T05:24:15';
const ROW = [
  'ITC',
  '101',
  TIME,
  '100',
  '1',
  '100',
  '10',
  '99',
  '101',
  '98',
  '97',
  '0',
  '0',
  '0',
  '9',
  '1',
  '11',
  '2',
];
const TRUEDATA = [
  {
    trade: [
      '101',
      TIME,
      '100.5',
      '2',
      '0',
      '12',
      '99',
      '101',
      '98',
      '97',
      '0',
      '0',
      '0',
      '',
      '5',
      '9',
      '5',
      '11',
      '6',
    ],
  },
  { bidask: ['101', TIME, '9', '1', '11', '2'] },
  { success: true, message: 'symbols added', symbollist: [ROW, 'XYZ not found'] },
  { success: true, message: 'HeartBeat', timestamp: TIME },
  { success: true, message: 'marketstatus', data: { NSE: 'OPEN' } },
];

const US_TIME = new Date(NOW - 9).toISOString();
const ALPACA = [
  [{ T: 't', S: 'AAPL', i: 7, x: 'V', p: 271.5, s: 100, c: ['@'], t: US_TIME, z: 'C' }],
  [
    {
      T: 'q',
      S: 'AAPL',
      bx: 'V',
      bp: 271.4,
      bs: 100,
      ax: 'V',
      ap: 271.6,
      as: 200,
      c: ['R'],
      t: US_TIME,
      z: 'C',
    },
  ],
  [{ T: 'b', S: 'AAPL', o: 271, h: 272, l: 270, c: 271.5, v: 100, n: 1, vw: 271, t: US_TIME }],
  [{ T: 'subscription', trades: ['AAPL'], quotes: ['AAPL'], bars: ['AAPL'] }],
  [{ T: 'error', code: 405, msg: 'symbol limit exceeded' }],
  [{ T: 'c', S: 'AAPL', oi: 1, ci: 2 }],
];

describe('36: any frame of a vendor', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('of Binance is taken or counted, and never throws', () => {
    const intake = new Intake();
    const listener = {
      update: (update: MarketUpdate) => intake.accept(update),
      closing: () => undefined,
    };
    const conversation = new BinanceConversation(socket, new Set(['BTCUSDT']), intake, listener, now);
    fc.assert(
      fc.property(hostileTexts(BINANCE), (text) => conversation.received(text)),
      { numRuns: FUZZ_RUNS },
    );
    expect(intake.taken).toBeGreaterThan(0);
    expect(intake.refused).toBeGreaterThan(FUZZ_RUNS / 10);
    expect(intake.amended.size).toBe(0);
  }, 180_000);

  it('of TrueData is taken or counted, and never throws; a symbol nobody asked for is not taken in', () => {
    const intake = new Intake();
    const subscription = new TrueDataSubscription(['ITC']);
    const talk = { subscription, sink: intake, word: new VendorWord(), gapFill: null, now };
    const conversation = new TrueDataConversation(socket, talk);
    conversation.received(JSON.stringify({ success: true, message: 'welcome', maxsymbols: 10 }));
    conversation.received(JSON.stringify(TRUEDATA[2]));
    fc.assert(
      fc.property(hostileTexts(TRUEDATA), (text) => conversation.received(text)),
      { numRuns: FUZZ_RUNS },
    );
    for (let number = 0; number < 1_000; number += 1) {
      const row = [`S${number}`, String(number + 1_000), ...ROW.slice(2)];
      conversation.received(JSON.stringify({ success: true, message: 'symbols added', symbollist: [row] }));
    }
    expect([...intake.book.values()].map(({ symbol }) => symbol)).toEqual(['ITC']);
    expect(intake.refused).toBeGreaterThan(FUZZ_RUNS / 10);
    expect(intake.amended.size).toBe(0);
  }, 180_000);

  it('of Alpaca is taken or counted, and never throws', () => {
    const intake = new Intake();
    const conversation = new AlpacaConversation(socket, {
      login: { key: 'k', secret: 's' },
      subscription: new AlpacaSubscription(['AAPL']),
      // No connection has begun, so no minute of its is whole.
      minutes: new AlpacaMinutes(),
      sink: intake,
      admitted: () => undefined,
      subscribed: () => undefined,
      left: () => undefined,
      now,
    });
    fc.assert(
      fc.property(hostileTexts(ALPACA), (text) => conversation.received(text)),
      { numRuns: FUZZ_RUNS },
    );
    conversation.closed();
    expect(intake.taken).toBeGreaterThan(0);
    expect(intake.refused).toBeGreaterThan(FUZZ_RUNS / 10);
    expect([...intake.amended]).toEqual(['AAPL']);
  }, 180_000);

  it('of an answer of Alpaca is updates or an error with a reason', () => {
    const answer = {
      AAPL: {
        latestTrade: { t: US_TIME, p: 271.5, s: 100, c: ['@'], i: 9, z: 'C' },
        dailyBar: { t: US_TIME, o: 270, h: 272, l: 269, c: 271.5, v: 12_000 },
        prevDailyBar: { t: US_TIME, c: 268.5 },
      },
    };
    const gate = new TickGate();
    fc.assert(
      fc.property(hostileTexts([answer]), (text) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        try {
          for (const update of parseSnapshots(value, NOW)) gate.judge(update);
        } catch (error) {
          expect((error as Error).name).toBe('ZodError');
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  }, 180_000);

  it('in a recording is a bar or counted, and never throws', () => {
    const bars = new RecordedBars();
    const lines = hostileTexts(BINANCE).map((text) => `${NOW}000000 ${text}`);
    fc.assert(
      fc.property(lines, (line) => void bars.take(line)),
      { numRuns: FUZZ_RUNS },
    );
    expect(bars.rejected).toBeGreaterThan(0);
  }, 180_000);
});
