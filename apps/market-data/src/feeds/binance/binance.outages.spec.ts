import { until, waitFor } from '@tickbridge/shared-cache/testing';
import fc from 'fast-check';
import { CandleKeeper } from '../../candles/candle.keeper';
import { CandleWarmUp } from '../../candles/candle.warm-up';
import { MarketDataPipeline } from '../../market/market-data.pipeline';
import { BinanceMarket } from '../../testing/binance-market';
import { RecordingPublisher } from '../../testing/recording-publisher';
import type { MarketUpdate } from '../../ticks/market-update';
import { VendorServer } from '../../testing/vendor-server';
import { BinanceFeed } from './binance.feed';
import { BinanceHistory } from './binance.history';

const SYMBOL = 'BTCUSDT';
/** Half an hour before a day ends (UTC), so that candles of every length end within a test. */
const START = Date.UTC(2025, 8, 22, 23, 30);
const MINUTE_MS = 60_000;
const INTERVALS = ['1m', '5m', '15m', '1h', '1d'] as const;

/** Counts what the feed delivered; what was fetched for a gap is none of it. */
class CountingPipeline extends MarketDataPipeline {
  arrived = 0;

  override accept(update: MarketUpdate): void {
    super.accept(update);
    if (update.kind !== 'trade' || update.lastNumber === undefined) this.arrived += 1;
  }
}

/** A lane without its lease and its database, at a vendor whose clock is the test's. */
class Lane {
  readonly market = new BinanceMarket(SYMBOL, START);
  readonly candles = new CandleKeeper(null, true, () => this.market.now);
  readonly pipeline = new CountingPipeline(
    'binance',
    new RecordingPublisher(),
    this.candles,
    () => this.market.now,
  );
  private readonly server = new VendorServer(() => undefined);
  private readonly lost = new Set<string>();
  feed!: BinanceFeed;
  private warmUp!: CandleWarmUp;

  async open(): Promise<void> {
    const [url, restUrl] = [await this.server.listen(), await this.market.listen()];
    const now = () => this.market.now + 5;
    this.feed = new BinanceFeed({ url, restUrl, symbols: [SYMBOL], now, random: () => 0 }, this.pipeline);
    const plan = { history: new BinanceHistory(restUrl), symbols: [SYMBOL], pauseMs: 0 };
    this.warmUp = new CandleWarmUp(plan, this.feed, this.candles, () => 0, now);
    this.pipeline.onTradesLost = (symbols) => symbols.forEach((symbol) => this.lost.add(symbol));
    this.warmUp.onFilled = (symbol, from, to) => this.pipeline.minutesFilled(symbol, from, to);
    await this.feed.connect();
  }

  async close(): Promise<void> {
    this.warmUp.end();
    await this.feed.disconnect();
    await this.server.close();
    this.market.close();
  }

  async deliver(frame: string): Promise<void> {
    const { arrived } = this.pipeline;
    this.server.sendToAll(frame);
    await until('the frame to be taken', () => this.pipeline.arrived > arrived);
  }

  /** Loses the connection; `meanwhile` happens before there is another. */
  async drop(meanwhile: () => void): Promise<void> {
    const { reconnects } = this.feed.connection();
    this.server.dropAll();
    meanwhile();
    await until('another connection', () => this.feed.connection().reconnects > reconnects);
  }

  /** The running minute ends, and the platform loads what it thinks that it needs. */
  async endMinute(): Promise<void> {
    this.market.now += MINUTE_MS - (this.market.now % MINUTE_MS) + 5_000;
    const symbols = [...this.lost];
    this.lost.clear();
    if (symbols.length === 0) return;
    let loaded = 0;
    const filled = this.warmUp.onFilled;
    this.warmUp.onFilled = (...minutes) => {
      loaded += 1;
      filled(...minutes);
    };
    this.warmUp.again(symbols);
    await until('the history', () => loaded > 0);
    this.warmUp.onFilled = filled;
  }

  figures() {
    const { missedTrades, tradesBySymbol, rejected } = this.pipeline.figures();
    return { missedTrades, trades: tradesBySymbol[SYMBOL], rejected };
  }

  ours(interval: (typeof INTERVALS)[number]) {
    return this.candles.book.latest(SYMBOL, interval, 1_000);
  }
}

describe('outages at Binance', () => {
  let lane: Lane;

  beforeEach(async () => {
    lane = new Lane();
    await lane.open();
  });

  afterEach(() => lane.close());

  it('18: takes the trades of a market whose numbers begin anew', async () => {
    for (let trade = 0; trade < 300; trade += 1) await lane.deliver(lane.market.trade(10, 100, 1));
    await lane.drop(() => lane.market.restartNumbers());
    for (let trade = 1; trade <= 10; trade += 1) await lane.deliver(lane.market.trade(10, 200 + trade, 1));
    expect(lane.figures()).toEqual({ missedTrades: 0, trades: 310, rejected: {} });
    expect(lane.pipeline.tick(SYMBOL)?.lastPrice).toBe(210);
  });

  it('fetches what a short outage cost after numbers began anew', async () => {
    await lane.deliver(lane.market.trade(10, 100, 1));
    await lane.drop(() => lane.market.restartNumbers());
    await lane.deliver(lane.market.trade(10, 101, 1));
    await lane.drop(() => [1, 2, 3].forEach((step) => lane.market.trade(10, 101 + step, 1)));
    await lane.deliver(lane.market.trade(10, 105, 1));
    await until('the trades of the outage', () => lane.figures().trades === 6);
    expect(lane.figures()).toEqual({ missedTrades: 0, trades: 6, rejected: {} });
  });

  it('reloads the minutes of a loss, and no longer counts their trades as missed', async () => {
    await lane.deliver(lane.market.trade(10, 100, 1));
    lane.market.trade(10, 101, 1);
    await lane.drop(() => lane.market.trade(10, 102, 1));
    // The vendor has forgotten them but for its candles.
    const traded = lane.market.trades.splice(1, 2);
    await lane.deliver(lane.market.trade(10, 103, 1));
    await until('the loss to be known', () => lane.figures().missedTrades === 2);
    lane.market.trades.splice(1, 0, ...traded);
    await lane.endMinute();
    expect(lane.figures().missedTrades).toBe(0);
    for (const interval of INTERVALS) expect(lane.ours(interval)).toEqual(lane.market.candles(interval));
  });
});

describe('any sequence of outages at Binance', () => {
  const trade = fc.record({
    afterMs: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 240_000 })),
    price: fc.integer({ min: 1, max: 500 }),
    quantity: fc.integer({ min: 1, max: 900 }).map((thousandths) => thousandths / 1_000),
  });
  const trades = (maxLength: number) => fc.array(trade, { maxLength });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('trades' as const), trades: trades(4) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('drop' as const), trades: trades(4), restarts: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost-frames' as const), trades: trades(3) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), back: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('minute-ends' as const) }) },
  );

  it("ends with the vendor's candles, and with nothing missed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const lane = new Lane();
        const { market } = lane;
        /** What may come once more, or late: of a numbering that has ended only what came before. */
        const frames: string[] = [];
        const delivered: string[] = [];
        const deliver = async (frame: string) => {
          delivered.push(frame);
          await lane.deliver(frame);
        };
        const make = ({ afterMs, price, quantity }: MadeUp) => {
          frames.push(market.trade(afterMs, price, quantity));
          return frames.at(-1) as string;
        };
        await lane.open();
        try {
          await deliver(make({ afterMs: 1, price: 100, quantity: 1 }));
          for (const action of steps) {
            if (action.kind === 'trades') for (const made of action.trades) await deliver(make(made));
            else if (action.kind === 'lost-frames') {
              // Before its first trade a connection cannot be known to have lost any.
              await deliver(make(ORDINARY));
              action.trades.forEach(make);
            } else if (action.kind === 'repeat') await deliver(frames.at(-1 - action.back) ?? make(ORDINARY));
            else if (action.kind === 'minute-ends') await lane.endMinute();
            else {
              await lane.drop(() => {
                if (action.restarts) {
                  market.restartNumbers();
                  frames.splice(0, frames.length, ...delivered);
                }
                action.trades.forEach(make);
              });
            }
          }
          // Something is traded after all of it, and the minute ends: by then the loss is known and made good.
          await deliver(make({ afterMs: 1, price: 1, quantity: 1 }));
          await waitFor(
            async () => {
              await lane.endMinute();
              const isSame = INTERVALS.every((interval) =>
                same(lane.ours(interval), market.candles(interval)),
              );
              return isSame && lane.figures().missedTrades === 0;
            },
            { timeoutMs: 5_000, everyMs: 20 },
          ).catch(() => undefined);
          for (const interval of INTERVALS) expect(lane.ours(interval)).toEqual(market.candles(interval));
          expect(lane.figures().missedTrades).toBe(0);
          expect(lane.pipeline.tick(SYMBOL)?.lastPrice).toBe(1);
        } finally {
          await lane.close();
        }
      }),
      { numRuns: 40 },
    );
  }, 240_000);
});

interface MadeUp {
  readonly afterMs: number;
  readonly price: number;
  readonly quantity: number;
}

const ORDINARY: MadeUp = { afterMs: 1, price: 7, quantity: 1 };

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
