import { toIso } from '@tickbridge/contracts';
import { tradingSince } from '../../sessions/feed-silence';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Clocks of the exchange and of its calendar agree to this (ms). */
const TOLERANCE_MS = 5_000;

/**
 * A market order needs a trade of the running session: after a reconnect a vendor tells the last price it knows, which may be
 * yesterday's, and quotes come before anybody trades. Recordings have nothing else than their trades.
 */
export const tradedTodayRule: RiskRule = {
  name: 'traded-today',
  check({ order: { type, symbol }, now, ownMarket, calendar, vendor }) {
    if (type !== 'MARKET' || ownMarket === 'same') return undefined;
    const { tradedAt } = known(ownMarket, `an own price of ${symbol}`);
    const openedAt = tradingSince(known(calendar, `the trading calendar of ${symbol}`), now, vendor ?? null);
    if (tradedAt !== null && (openedAt === undefined || tradedAt >= openedAt - TOLERANCE_MS))
      return undefined;
    return deny('NOT_TRADED_YET', `${symbol} has not traded in this session: its price is an earlier one`, {
      symbol,
      tradedAt: tradedAt === null ? 'never seen' : toIso(tradedAt),
      ...(openedAt !== undefined && { openedAt: toIso(openedAt) }),
    });
  },
};
