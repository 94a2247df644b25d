import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tick } from '@tickbridge/contracts';
import { until } from '@tickbridge/shared-cache/testing';
import { CANDLE_INTERVALS } from '../candles/candle.policy';
import { CandleKeeper } from '../candles/candle.keeper';
import { BinanceFeed } from '../feeds/binance/binance.feed';
import { FeedSink } from '../feeds/feed-sink';
import { readRecording } from '../feeds/replay/recording';
import { ReplayFeed } from '../feeds/replay/replay.feed';
import { RecordingPublisher } from '../testing/recording-publisher';
import { VendorServer } from '../testing/vendor-server';
import type { MarketUpdate } from '../ticks/market-update';
import { MarketDataPipeline } from './market-data.pipeline';

const BTC = join(__dirname, '../../../../../shared/data/binance_spot_ws/btcusdt_20240808.gz');
/** Trades in the recording, counted without any code of the platform. */
const TRADES = 9_757;
/** Frames sent before the last of them is waited for. */
const CHUNK = 500;

if (!existsSync(BTC)) {
  process.stderr.write(`recorded market data not found in ../shared/data: "one recording" is skipped\n`);
}
const recorded = existsSync(BTC) ? describe : describe.skip;

interface Line {
  recordedAt: number;
  text: string;
}

/** The recording with a summary of the day once a second, stamped by the exchange as its newest frame is. */
async function withSummaries(): Promise<Line[]> {
  const lines: Line[] = [];
  let nextAt = 0;
  let price = '';
  let exchangeTime = 0;
  for await (const line of readRecording(BTC)) {
    if (line.recordedAt === null) continue;
    const { data = {}, stream } = JSON.parse(line.text) as {
      data?: { E?: number; p?: string };
      stream?: string;
    };
    exchangeTime = Math.max(exchangeTime, data.E ?? 0);
    if (stream?.endsWith('@trade')) price = data.p ?? price;
    lines.push(line);
    if (price === '' || line.recordedAt < nextAt) continue;
    nextAt = line.recordedAt + 1_000;
    const summary = {
      e: '24hrMiniTicker',
      E: exchangeTime + 60,
      s: 'BTCUSDT',
      c: price,
      o: '60000',
      h: '63000',
    };
    const text = { stream: 'btcusdt@miniTicker', data: { ...summary, l: '59000', v: '1234.5', q: '1' } };
    lines.push({ recordedAt: line.recordedAt, text: JSON.stringify(text) });
  }
  return lines;
}

interface Market {
  readonly publisher: RecordingPublisher;
  readonly pipeline: MarketDataPipeline;
  readonly candles: CandleKeeper;
  /** State of the symbol after each trade. */
  readonly afterTrades: Tick[];
}

/** Everything behind a feed, with the timer of quiet bars where there is one. */
class Behind extends FeedSink implements Market {
  readonly publisher = new RecordingPublisher();
  readonly candles = new CandleKeeper(null, false);
  readonly pipeline: MarketDataPipeline;
  readonly afterTrades: Tick[] = [];
  taken = 0;
  private readAt = 0;

  constructor(private readonly closesQuietBars: boolean) {
    super();
    this.pipeline = new MarketDataPipeline('binance', this.publisher, this.candles, () => this.readAt);
  }

  override accept(update: MarketUpdate): void {
    this.taken += 1;
    this.readAt = update.readAt;
    this.pipeline.accept(update);
    const tick = this.pipeline.tick(update.symbol);
    if (update.kind === 'trade' && tick !== undefined) this.afterTrades.push(tick);
    if (this.closesQuietBars) this.pipeline.closeQuietBars();
  }

  override reject(...rejection: Parameters<FeedSink['reject']>): void {
    this.pipeline.reject(...rejection);
  }

  override ignore(kind: string): void {
    this.taken += 1;
    this.pipeline.ignore(kind);
  }

  override connectionStarted(...started: Parameters<FeedSink['connectionStarted']>): void {
    this.pipeline.connectionStarted(...started);
  }

  override tradesLost(symbols: readonly string[]): void {
    this.pipeline.tradesLost(symbols);
  }

  override ended(): void {
    this.pipeline.ended();
  }
}

async function replayed(lines: readonly Line[]): Promise<Market> {
  const directory = mkdtempSync(join(tmpdir(), 'live-and-replay-'));
  const file = join(directory, 'recording');
  writeFileSync(
    file,
    lines.map(({ recordedAt, text }) => `${Math.round(recordedAt * 1e6)} ${text}`).join('\n'),
  );
  const behind = new Behind(false);
  const feed = new ReplayFeed({ files: [file], speed: 'max', symbols: null }, behind);
  await feed.connect();
  await until('the recording has been played', () => feed.connection().state === 'finished', 120_000);
  rmSync(directory, { recursive: true });
  return behind;
}

/** The same frames over a vendor's socket, read at the recorded times. */
async function live(lines: readonly Line[]): Promise<Market> {
  const server = new VendorServer(() => undefined);
  const behind = new Behind(true);
  let taken = 0;
  const times = lines
    .filter(({ text }) => /@(?:trade|bookTicker|miniTicker)"/.test(text))
    .map(({ recordedAt }) => recordedAt);
  const now = () => times[taken++] ?? 0;
  const feed = new BinanceFeed({ url: await server.listen(), symbols: ['BTCUSDT'], now }, behind);
  await feed.connect();
  for (let start = 0; start < lines.length; start += CHUNK) {
    const chunk = lines.slice(start, start + CHUNK);
    for (const { text } of chunk) server.sendToAll(text);
    await until('the frames have come', () => behind.taken >= start + chunk.length, 30_000);
  }
  await feed.disconnect();
  behind.ended();
  await server.close();
  return behind;
}

/** What is compared: everything but when this process read it. */
function seen({ publisher, pipeline, candles, afterTrades }: Market) {
  const withoutReceipt = ({ receivedAt: _, ...tick }: Tick) => tick;
  return {
    figures: pipeline.figures(),
    late: pipeline.lateTrades,
    ticks: publisher.ticks.map(withoutReceipt),
    prices: afterTrades.map(({ lastPrice, eventTime }) => [lastPrice, eventTime]),
    bars: publisher.bars,
    candles: CANDLE_INTERVALS.map((interval) => candles.book.latest('BTCUSDT', interval, 1_000)),
  };
}

recorded('one recording, with quotes and summaries between its trades', () => {
  let lines: Line[];
  let trades: { p: string; T: number }[];

  beforeAll(async () => {
    lines = await withSummaries();
    trades = lines
      .filter(({ text }) => text.includes('@trade"'))
      .map(({ text }) => (JSON.parse(text) as { data: { p: string; T: number } }).data);
  }, 60_000);

  it('is the same market live and replayed: trades, last prices, bars and candles', async () => {
    const [fromSocket, fromFile] = [seen(await live(lines)), seen(await replayed(lines))];
    expect(fromSocket.figures).toEqual(fromFile.figures);
    expect(fromSocket.prices).toEqual(fromFile.prices);
    expect(fromSocket.bars).toEqual(fromFile.bars);
    expect(fromSocket.candles).toEqual(fromFile.candles);
    expect(fromSocket.ticks).toEqual(fromFile.ticks);
  }, 240_000);

  it('counts no trade late because a summary ran ahead of it, and loses none', async () => {
    const { figures, late, prices, bars } = seen(await replayed(lines));
    expect(figures).toMatchObject({ tradesBySymbol: { BTCUSDT: TRADES }, rejected: {}, missedTrades: 0 });
    expect(late).toBe(0);
    expect(prices).toEqual(trades.map(({ p, T }) => [Number(p), T]));
    expect(bars.reduce((sum, bar) => sum + bar.trades, 0)).toBe(TRADES);
  }, 240_000);

  it('keeps the quantity of the last trade through every summary', async () => {
    const { ticks } = seen(await replayed(lines));
    // The file's first frames are a trade's and its quotes'.
    expect(ticks[0]?.lastQuantity).toBe(0.02);
    expect(ticks.filter(({ lastQuantity }) => lastQuantity === null)).toHaveLength(0);
  }, 240_000);
});
