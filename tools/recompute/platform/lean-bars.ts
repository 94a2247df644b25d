import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Bar } from '@tickbridge/contracts';
import { Calendars, DAY_MS, MINUTE_MS, type SessionCalendar } from '@tickbridge/trading-core';

/** Where recorded days are put: on consecutive trading days that the calendar and the table of charges cover. */
export interface Placement {
  calendar: string;
  /** `2025-05-14`. */
  firstDay: string;
}

const NOBODY_QUOTES = { bid: null, bidQuantity: null, ask: null, askQuantity: null };

/** Daily bars, the newest of each symbol; a bar opens at midnight UTC of its day, as candles of a day do. */
export function dailyBars(folder: string, symbols: readonly string[], days: number, to: Placement): Bar[] {
  const openings = tradingDays(days, to).map((opening) => Math.floor(opening / DAY_MS) * DAY_MS);
  return inOrder(
    symbols.flatMap((symbol) =>
      linesOf(join(folder, 'lean/daily', `${symbol.toLowerCase()}.zip`))
        .slice(-days)
        .map((line, index) => toBar(symbol, DAY_MS, openings[index] as number, line, index)),
    ),
  );
}

/** Bars of a minute; each opens so many milliseconds after midnight on the market's clock. */
export function minuteBars(
  folder: string,
  symbols: readonly string[],
  dates: readonly string[],
  to: Placement,
): Bar[] {
  const calendar = calendarOf(to);
  const midnights = tradingDays(dates.length, to).map((opening) => calendar.tradingDayStart(opening));
  return inOrder(
    symbols.flatMap((symbol) =>
      dates.flatMap((date, day) =>
        linesOf(join(folder, symbol.toLowerCase(), `${date}_trade.zip`)).map((line, index) => {
          const openTime = (midnights[day] as number) + Number(line.slice(0, line.indexOf(',')));
          return toBar(symbol, MINUTE_MS, openTime, line, index);
        }),
      ),
    ),
  );
}

/** `time,open,high,low,close,volume`, prices by 10,000. */
function toBar(symbol: string, intervalMs: number, openTime: number, line: string, index: number): Bar {
  const [open = 0, high = 0, low = 0, close = 0, volume = 0] = line.split(',').slice(1).map(Number);
  const prices = { open: open / 1e4, high: high / 1e4, low: low / 1e4, close: close / 1e4 };
  return {
    symbol,
    intervalMs,
    openTime,
    ...prices,
    volume,
    trades: 0,
    ...NOBODY_QUOTES,
    sequence: index + 1,
  };
}

function inOrder(bars: Bar[]): Bar[] {
  return bars.sort((a, b) => a.openTime - b.openTime || (a.symbol < b.symbol ? -1 : 1));
}

function calendarOf({ calendar }: Placement): SessionCalendar {
  return new Calendars().of(calendar);
}

/** Openings of consecutive trading days (ms since 1970). */
function tradingDays(count: number, to: Placement): number[] {
  const calendar = calendarOf(to);
  const openings: number[] = [];
  let at = Date.parse(`${to.firstDay}T00:00:00Z`);
  while (openings.length < count) {
    const opening = calendar.nextOpening(at);
    if (opening === undefined) throw new RangeError(`${to.calendar} has no ${count} trading days`);
    openings.push(opening);
    at = calendar.dayAt(opening).end - 1;
  }
  return openings;
}

/** The one file in an archive: its text begins after the header, the name and the extra field. */
function linesOf(path: string): string[] {
  const archive = readFileSync(path);
  const begin = 30 + archive.readUInt16LE(26) + archive.readUInt16LE(28);
  return inflateRawSync(archive.subarray(begin)).toString('utf8').trim().split(/\r?\n/);
}
