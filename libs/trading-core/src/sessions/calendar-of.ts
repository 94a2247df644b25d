import type { FeedName } from '@tickbridge/contracts';

const CALENDAR_OF: Readonly<Record<FeedName, string>> = {
  simulator: 'SIMULATED',
  truedata: 'NSE_EQUITY',
  binance: 'CRYPTO',
  replay: 'CRYPTO',
};

/** Name of the calendar that most instruments of a feed trade by; one that names its own goes by that. */
export function calendarOf(source: FeedName): string {
  return CALENDAR_OF[source];
}
