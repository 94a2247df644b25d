import { CANDLE_INTERVAL_MS, decimalOf } from '@tickbridge/contracts';
import type { TradeUpdate } from '../../ticks/market-update';
import type { Fields } from './alpaca.frames';
import { parseRfc3339 } from './rfc3339';

const MINUTE_MS = CANDLE_INTERVAL_MS['1m'];
/** Shares are counted in decimals; sums of them differ in the last place. */
const SLACK = 1e-6;

interface Counted {
  openTime: number;
  volume: number;
}

/** What was traded in the last minutes as it came here, to be held against the vendor's own count. */
export class AlpacaMinutes {
  private readonly bySymbol = new Map<string, Counted[]>();
  private beganAt = Number.POSITIVE_INFINITY;

  /** A connection delivers from now on (ms since 1970): of minutes before it only a part came. */
  begin(now: number): void {
    this.beganAt = now;
    this.bySymbol.clear();
  }

  count({ symbol, eventTime, quantity }: TradeUpdate): void {
    const openTime = Math.floor(eventTime / MINUTE_MS) * MINUTE_MS;
    const minutes = this.bySymbol.get(symbol) ?? [];
    this.bySymbol.set(symbol, minutes);
    const known = minutes.find((minute) => minute.openTime === openTime);
    if (known !== undefined) {
      known.volume += quantity ?? 0;
      return;
    }
    minutes.push({ openTime, volume: quantity ?? 0 });
    if (minutes.length > 2) minutes.shift();
  }

  /**
   * Whether the vendor counted more in a finished minute than came here. Its trades carry no numbers, so nothing else shows
   * that some are missing.
   *
   * @param bar `t` start of the minute, `v`olume in shares
   */
  lacks(symbol: string, bar: Fields): boolean {
    const openTime = parseRfc3339(bar.t);
    if (!(openTime >= this.beganAt)) return false;
    const came = this.bySymbol.get(symbol)?.find((minute) => minute.openTime === openTime)?.volume ?? 0;
    return decimalOf(bar.v) > came + SLACK;
  }
}
