import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CandleKeeper } from '../candles/candle.keeper';
import { ReplayFeed } from '../feeds/replay/replay.feed';
import { RecordingPublisher } from '../testing/recording-publisher';
import { until } from '@tickbridge/shared-cache/testing';
import { MarketDataPipeline } from './market-data.pipeline';

const DIRECTORY = join(__dirname, '../../../../../shared/data/binance_spot_ws');
const BTC = join(DIRECTORY, 'btcusdt_20240808.gz');
const ETH = join(DIRECTORY, 'ethusdt_20240808.gz');

if (!existsSync(BTC)) {
  process.stderr.write(`recorded market data not found in ../shared/data: "recorded day" is skipped\n`);
}
const recorded = existsSync(BTC) ? describe : describe.skip;

/** Counts the file's trades without any code of the platform. */
async function tradesOf(path: string): Promise<{ count: number; lastPrice: number }> {
  let count = 0;
  let last = '';
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (!line.includes('@trade"')) continue;
    count += 1;
    last = line;
  }
  return { count, lastPrice: Number(/"p":"([\d.]+)"/.exec(last)?.[1]) };
}

async function replay(files: readonly string[]) {
  const publisher = new RecordingPublisher();
  const pipeline = new MarketDataPipeline('replay', publisher, new CandleKeeper(null, false));
  const feed = new ReplayFeed({ files, speed: 'max', symbols: null }, pipeline);
  await feed.connect();
  await until('the recording has been played', () => feed.connection().state === 'finished', 120_000);
  return { publisher, pipeline };
}

recorded('recorded day (Binance, 8 August 2024)', () => {
  it('counts every trade of both files exactly, and ends at their last prices', async () => {
    const { pipeline } = await replay([BTC, ETH]);
    const figures = pipeline.figures();
    expect(figures.tradesBySymbol).toEqual({ BTCUSDT: 9_757, ETHUSDT: 6_106 });
    expect(figures.rejected).toEqual({});
    expect(figures.missedTrades).toBe(0);
    expect(figures.ignored.depth).toBeGreaterThan(3_000);
    for (const [symbol, file] of [
      ['BTCUSDT', BTC],
      ['ETHUSDT', ETH],
    ] as const) {
      const expected = await tradesOf(file);
      expect(figures.tradesBySymbol[symbol]).toBe(expected.count);
      expect(pipeline.tick(symbol)?.lastPrice).toBe(expected.lastPrice);
    }
  }, 240_000);

  it('gives the same bars on every run, with every trade in one of them', async () => {
    const first = await replay([BTC, ETH]);
    const second = await replay([BTC, ETH]);
    expect(second.publisher.bars).toEqual(first.publisher.bars);
    const inBars = first.publisher.bars.reduce((sum, bar) => sum + bar.trades, 0);
    expect(inBars + first.pipeline.lateTrades).toBe(9_757 + 6_106);
    expect(first.pipeline.lateTrades).toBe(0);
  }, 240_000);
});
