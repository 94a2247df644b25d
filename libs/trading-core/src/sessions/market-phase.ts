import { type MarketPhaseName, takesOrders } from '@tickbridge/contracts';
import { type ExchangeDay, MINUTE_MS, type SessionCalendar, type TradingSession } from './session-calendar';

/** What a vendor says of the market behind its feed. Times are milliseconds since 1970. */
export interface VendorStatus {
  readonly state: 'open' | 'closed';
  /** When it began to say so. */
  readonly since: number;
  /** When it said so last. */
  readonly saidAt: number;
}

/** A vendor is asked every minute; what it said longer ago no longer says how things are (milliseconds). */
export const VENDOR_TRUST_MS = 3 * MINUTE_MS;

/** Around the begin and end of a session the witnesses may differ without meaning anything (milliseconds). */
export const WITNESS_GRACE_MS = 2 * MINUTE_MS;

/** What the market behind an instrument does, by both witnesses. */
export interface MarketPhase {
  /** By the calendar, unless the vendor decides. */
  readonly phase: MarketPhaseName;
  /** Whether orders may be entered. */
  readonly takesOrders: boolean;
  readonly decidedBy: 'calendar' | 'vendor';
  /** The stretch in which orders may be entered; `undefined` when they may not. */
  readonly session: TradingSession | undefined;
  /** Set while the witnesses contradict each other, as a sentence for people. */
  readonly contradiction: string | null;
}

/**
 * What the market does at a time, by its calendar and its vendor's word.
 *
 * Orders need a `normal` or `special` phase of the calendar and no vendor that says "closed". A vendor that says "open"
 * on a day without any session opens that day as `special`: of Muhurat hours and extended weeks it knows first. It does
 * not open the hours before and after the sessions of a day, a day that a person closed, nor one that the calendar does not
 * cover.
 *
 * @param vendor of the feed the instrument comes from; `null` when it said nothing
 */
export function marketPhase(
  calendar: SessionCalendar,
  vendor: VendorStatus | null,
  timeMs: number,
): MarketPhase {
  const stretch = calendar.phaseAt(timeMs);
  const { phase } = stretch;
  const session = calendar.sessionAt(timeMs);
  const word = vendor && Math.abs(timeMs - vendor.saidAt) <= VENDOR_TRUST_MS ? vendor : null;
  const byCalendar: MarketPhase = {
    phase,
    takesOrders: session !== undefined,
    decidedBy: 'calendar',
    session,
    contradiction: null,
  };
  if (word === null || phase === 'unknown') return byCalendar;
  const inGrace = timeMs - stretch.from < WITNESS_GRACE_MS;
  if (word.state === 'closed') {
    // A word from before the session is about the time before it; the vendor is asked again within a minute.
    if (!session || word.saidAt < stretch.from) return byCalendar;
    return {
      phase: 'closed',
      takesOrders: false,
      decidedBy: 'vendor',
      session: undefined,
      contradiction: inGrace
        ? null
        : `The calendar ${calendar.id} says ${phase}, the vendor says closed: no orders.`,
    };
  }
  if (session) return byCalendar;
  const day = calendar.dayAt(timeMs);
  if (day.final || day.stretches.some((one) => takesOrders(one.phase))) {
    if (phase !== 'closed' || inGrace) return byCalendar;
    return {
      ...byCalendar,
      contradiction: `The calendar ${calendar.id} says closed${closedFor(day)}, the vendor says open: no orders.`,
    };
  }
  return {
    phase: 'special',
    takesOrders: true,
    decidedBy: 'vendor',
    session: { openTime: Math.max(word.since, day.start), closeTime: day.end, squareOffTime: null },
    contradiction: `The calendar ${calendar.id} says closed${closedFor(day)}, the vendor says open: this feed trades.`,
  };
}

function closedFor({ reason }: ExchangeDay): string {
  return reason === null ? '' : ` (${reason})`;
}
