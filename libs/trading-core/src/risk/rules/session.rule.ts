import { toIso } from '@tickbridge/contracts';
import { isSquaredOff } from '../../instruments/products';
import { type MarketPhase, marketPhase } from '../../sessions/market-phase';
import type { SessionCalendar } from '../../sessions/session-calendar';
import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** The market takes orders by its calendar and its vendor; after the square-off cutoff positions may only be closed. */
export const sessionRule: RiskRule = {
  name: 'session',
  check(context) {
    const calendar = known(context.calendar, `the trading calendar of ${context.order.symbol}`);
    const market = marketPhase(calendar, context.vendor ?? null, context.now);
    const at = toIso(context.now);
    if (market.phase === 'unknown') {
      return deny('SESSION_UNKNOWN', uncovered(calendar, context.now), { at, calendar: calendar.id });
    }
    if (!market.session) {
      return deny('SESSION_CLOSED', closed(calendar, market, context.now), { at, phase: market.phase });
    }
    const cutoff = market.session.squareOffTime;
    const intraday = isSquaredOff(context.order.product ?? null);
    if (intraday && cutoff !== null && context.now >= cutoff && !reducesExposure(context)) {
      return deny('AFTER_CUTOFF', 'After the square-off cutoff intraday positions may only be closed', {
        at,
        cutoff: toIso(cutoff),
      });
    }
    return undefined;
  },
};

function uncovered(calendar: SessionCalendar, now: number): string {
  const { date } = calendar.dayAt(now);
  return `The calendar ${calendar.id} does not cover ${date}: add its days before orders can go`;
}

function closed(calendar: SessionCalendar, { phase, decidedBy }: MarketPhase, now: number): string {
  if (decidedBy === 'vendor') return `The market of ${calendar.id} is closed by the vendor's word`;
  const { reason } = calendar.dayAt(now);
  const why = reason === null ? '' : ` (${reason})`;
  return phase === 'closed'
    ? `The market of ${calendar.id} is closed${why}`
    : `The market of ${calendar.id} takes no orders in its ${phase} phase${why}`;
}
