import type { AssetClass, FeedName } from '@tickbridge/contracts';
import { CryptoCalendar } from './crypto.calendar';
import { NseCalendar } from './nse.calendar';
import type { SessionCalendar } from './session-calendar';
import { SimulatedCalendar } from './simulated.calendar';

const nse = new NseCalendar();
const crypto = new CryptoCalendar();
const simulated = new SimulatedCalendar();

/** The calendar an instrument of a feed trades by. */
export function calendarFor(source: FeedName, assetClass: AssetClass): SessionCalendar {
  if (source === 'simulator') return simulated;
  if (source === 'binance' || source === 'replay' || assetClass === 'crypto') return crypto;
  return nse;
}
