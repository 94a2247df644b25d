import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Bar } from '@tickbridge/contracts';
import { aBar } from './bars';

const FOLDER = join(__dirname, '../../../../../shared/data/binance_spot_ws');

/** Path of a recorded file, relative to the workspace, or `undefined` when the recordings are not there. */
export function recordedFile(name: string): string | undefined {
  const path = join(FOLDER, name);
  return existsSync(path) ? path : undefined;
}

interface TradeFrame {
  stream?: string;
  data: { T: number; p: string; q: string };
}

/** Five-second bars of the trades in a recorded file. */
export function recordedBars(path: string, symbol: string, intervalMs = 5_000): Bar[] {
  const byTime = new Map<number, Bar>();
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    if (!line.includes('@trade"')) continue;
    const { data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as TradeFrame;
    const openTime = Math.floor(data.T / intervalMs) * intervalMs;
    const price = Number(data.p);
    const bar =
      byTime.get(openTime) ?? aBar({ symbol, intervalMs, openTime, close: price, volume: 0, trades: 0 });
    byTime.set(openTime, {
      ...bar,
      high: Math.max(bar.high, price),
      low: Math.min(bar.low, price),
      close: price,
      volume: bar.volume + Number(data.q),
      trades: bar.trades + 1,
    });
  }
  return [...byTime.values()].map((bar, index) => ({ ...bar, sequence: index + 1 }));
}
