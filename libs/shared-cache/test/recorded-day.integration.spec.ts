import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, inflateRawSync } from 'node:zlib';
import type { INestApplicationContext } from '@nestjs/common';
import type { Tick } from '@tickbridge/contracts';
import { RedisConnection } from '../src/connection/redis.connection';
import { LiveMarketData } from '../src/live-market-data/live-market-data';
import { LiveMarketPublishers } from '../src/live-market-data/live-market.publishers';
import { keys } from '../src/contract/shared-cache.keys';
import { type PrivateRedis, waitFor } from '../src/testing';
import { aTick, sharedCache, startRedis } from './harness';

const DATA = join(__dirname, '../../../../shared/data');
const SPY = join(DATA, 'lean/tick/spy/20131007_trade.zip');
const BINANCE = ['btcusdt', 'ethusdt'].map((name) => join(DATA, `binance_spot_ws/${name}_20240808.gz`));

if (![SPY, ...BINANCE].every((file) => existsSync(file))) {
  process.stderr.write('recorded market data not found in ../shared/data: "a recorded day" is skipped\n');
}
const recorded = [SPY, ...BINANCE].every((file) => existsSync(file)) ? describe : describe.skip;

interface Trade {
  readonly symbol: string;
  readonly price: number;
  readonly quantity: number;
}

/** The only file of a zip archive. */
function unzip(archive: Buffer): Buffer {
  const directory = archive.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  const packed = archive.readUInt32LE(directory + 20);
  const header = archive.readUInt32LE(directory + 42);
  const body = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  return inflateRawSync(archive.subarray(body, body + packed));
}

async function spyTrades(): Promise<Trade[]> {
  const lines = unzip(await readFile(SPY))
    .toString('latin1')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [, price, quantity] = line.split(',').map(Number) as [number, number, number];
    return { symbol: 'SPY', price: price / 10_000, quantity };
  });
}

async function binanceTrades(file: string): Promise<Trade[]> {
  const trades: Trade[] = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    if (!line.includes('@trade"')) continue;
    const { data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as {
      data: Record<'s' | 'p' | 'q', string>;
    };
    trades.push({ symbol: data.s, price: Number(data.p), quantity: Number(data.q) });
  }
  return trades;
}

/** Of each symbol the last price and all that was traded, from the files alone. */
function fold(trades: readonly Trade[]): Map<string, { lastPrice: number; volume: number; count: number }> {
  const state = new Map<string, { lastPrice: number; volume: number; count: number }>();
  for (const { symbol, price, quantity } of trades) {
    const { volume, count } = state.get(symbol) ?? { volume: 0, count: 0 };
    state.set(symbol, { lastPrice: price, volume: volume + quantity, count: count + 1 });
  }
  return state;
}

recorded('a recorded day, as fast as it goes', () => {
  let redis: PrivateRedis;
  let feed: INestApplicationContext;
  let readers: INestApplicationContext[];

  beforeAll(async () => {
    redis = await startRedis();
    const live = { liveMarketData: { sources: ['replay'] as const } };
    feed = await sharedCache(redis.options, { liveMarketData: 'publisher' }, live);
    readers = await Promise.all(
      [1, 2].map(() => sharedCache(redis.options, { liveMarketData: 'reader' }, live)),
    );
    await waitFor(() => [feed, ...readers].every((each) => each.get(RedisConnection).available));
  });

  afterAll(async () => {
    await Promise.all([feed, ...readers].map((each) => each.close()));
    await redis.stop();
  });

  it('leaves every reader, and any client of Redis, with what the files say, in order, no tick lost', async () => {
    const [spy, ...binance] = await Promise.all([spyTrades(), ...BINANCE.map(binanceTrades)]);
    expect(spy).toHaveLength(250_601);
    const all = [...(spy ?? []), ...binance.flat()];
    const expected = fold(all);
    const [newest, backwards] = [new Map<string, number>(), [] as Tick[]];
    for (const reader of readers.slice(0, 1)) {
      reader.get(LiveMarketData).ticks$.subscribe((ticks) => {
        for (const tick of ticks) {
          if (tick.sequence <= (newest.get(tick.symbol) ?? 0)) backwards.push(tick);
          newest.set(tick.symbol, tick.sequence);
        }
      });
    }
    const publisher = feed.get(LiveMarketPublishers).of('replay');
    const volumes = new Map<string, number>();
    for (const [at, { symbol, price, quantity }] of all.entries()) {
      const volume = (volumes.get(symbol) ?? 0) + quantity;
      volumes.set(symbol, volume);
      publisher.publish(aTick({ symbol, lastPrice: price, volume, sequence: at + 1, source: 'replay' }));
      // Frames go out while the day is played.
      if (at % 200 === 0) await new Promise(setImmediate);
    }
    const stateOf = (tick: Tick | undefined) => tick && { lastPrice: tick.lastPrice, volume: tick.volume };
    for (const [symbol, { lastPrice, volume }] of expected) {
      for (const reader of readers) {
        const read = () => stateOf(reader.get(LiveMarketData).get(symbol)?.tick);
        await waitFor(() => read()?.volume === volume);
        expect(read()).toEqual({ lastPrice, volume });
      }
      const field = await redis.foreign.hget(keys.liveCache('replay'), symbol);
      expect(JSON.parse(field ?? '{}')).toMatchObject({ symbol, lastPrice, volume });
    }
    expect(publisher.status().ticksPublished).toBe(all.length);
    expect(backwards).toEqual([]);
    expect(publisher.status().framesToRedis).toBeGreaterThan(100);
  }, 120_000);
});
