import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Bar } from '@tickbridge/contracts';
import { Calendars } from '../sessions/calendars';
import { DAY_MS } from '../sessions/session-calendar';
import { aBar } from './bars';

const FOLDER = join(__dirname, '../../../../../shared/data/lean/daily');
/** The table of charges of US shares begins here: no earlier day can be reckoned. */
const FIRST_DAY_MS = Date.parse('2025-05-14T00:00:00Z');

/**
 * The newest daily bars of recorded US shares, as candles of a day have them: opening at midnight UTC.
 *
 * They are of 1998 to 2021, and stand here on consecutive trading days that the calendar and the table of charges cover.
 *
 * @returns `undefined` when the recordings are not there
 */
export function recordedDailyBars(symbols: readonly string[], count: number): Bar[] | undefined {
  const days = tradingDays(count);
  const bars: Bar[] = [];
  for (const symbol of symbols) {
    const path = join(FOLDER, `${symbol.toLowerCase()}.zip`);
    if (!existsSync(path)) return undefined;
    const lines = textOf(path).trim().split('\n').slice(-count);
    bars.push(...lines.map((line, index) => toBar(symbol, line, days[index] as number, index + 1)));
  }
  return bars.sort((a, b) => a.openTime - b.openTime || (a.symbol < b.symbol ? -1 : 1));
}

/** `20130102 00:00,open,high,low,close,volume`, prices by 10,000. */
function toBar(symbol: string, line: string, openTime: number, sequence: number): Bar {
  const [open = 0, high = 0, low = 0, close = 0, volume = 0] = line.split(',').slice(1).map(Number);
  const prices = { open: open / 1e4, high: high / 1e4, low: low / 1e4, close: close / 1e4 };
  return aBar({ symbol, intervalMs: DAY_MS, openTime, ...prices, volume, trades: 0, sequence });
}

function tradingDays(count: number): number[] {
  const calendar = new Calendars().of('US_EQUITY');
  const days: number[] = [];
  for (let at = FIRST_DAY_MS; days.length < count;) {
    const opening = calendar.nextOpening(at);
    if (opening === undefined) throw new RangeError(`the calendar has no ${count} trading days`);
    days.push(Math.floor(opening / DAY_MS) * DAY_MS);
    at = opening;
  }
  return days;
}

/** The one file in an archive: its text begins after the header, the name and the extra field. */
function textOf(path: string): string {
  const archive = readFileSync(path);
  const begin = 30 + archive.readUInt16LE(26) + archive.readUInt16LE(28);
  return inflateRawSync(archive.subarray(begin)).toString('utf8');
}
