import { type Bar, barCloseTime, takesOrders } from '@tickbridge/contracts';
import { DAY_MS, type SessionCalendar } from './session-calendar';

/** When the trading that a bar shows began and ended (ms since 1970). */
export interface TradingTimes {
  open: number;
  /** End, exclusive. */
  close: number;
}

/** Whether a bar holds whole days: it is known when the market has closed. */
export function isDaily({ intervalMs }: Pick<Bar, 'intervalMs'>): boolean {
  return intervalMs >= DAY_MS;
}

/**
 * Times of the trading in a bar: those of the bar itself, and for bars of a day and longer those of the sessions in it.
 * Where the calendar has none in it, or does not cover it, the bar's own.
 */
export function tradingTimes(bar: Bar, calendar: SessionCalendar): TradingTimes {
  const own = { open: bar.openTime, close: barCloseTime(bar) };
  if (!isDaily(bar)) return own;
  const sessions = [];
  for (let at = own.open; at < own.close; at = calendar.dayAt(at).end) {
    sessions.push(...calendar.dayAt(at).stretches.filter(({ phase }) => takesOrders(phase)));
  }
  const inside = sessions.filter(({ from, to }) => from >= own.open && to <= own.close);
  const [first, last] = [inside[0], inside.at(-1)];
  return first && last ? { open: first.from, close: last.to } : own;
}
