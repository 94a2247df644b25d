import { type CalendarFile, takesOrders } from '@tickbridge/contracts';
import { ExchangeDays } from './exchange-day';
import type {
  ExchangeDay,
  PhaseStretch,
  SessionCalendar,
  TradingDay,
  TradingSession,
} from './session-calendar';
import { laterDate, TimeZone } from './time-zone';

/** Days kept made: a year of them, and some more. */
const MAX_DAYS = 400;
/** So far ahead an opening is looked for (days). */
const MAX_DAYS_AHEAD = 30;

/** A calendar made from its file. Its days are made once each, since every tick and order asks for one. */
export class ExchangeCalendar implements SessionCalendar {
  private source: ExchangeDays;
  private dayZone: TimeZone | undefined;
  private readonly days = new Map<string, ExchangeDay>();
  private newest: ExchangeDay | undefined;
  private newestTradingDay: TradingDay | undefined;

  constructor(private definition: CalendarFile) {
    this.source = new ExchangeDays(definition);
    this.dayZone = zoneOfDay(definition);
  }

  get id(): string {
    return this.definition.id;
  }

  get horizon(): string | null {
    return this.definition.coverage.to;
  }

  get settlementDays(): number {
    return this.definition.settlementDays;
  }

  /** The file it is made from, with what people added. */
  get file(): CalendarFile {
    return this.definition;
  }

  /** Takes over another edition of its file; whoever holds the calendar sees it at once. */
  update(definition: CalendarFile): void {
    this.definition = definition;
    this.source = new ExchangeDays(definition);
    this.dayZone = zoneOfDay(definition);
    this.days.clear();
    this.newest = undefined;
    this.newestTradingDay = undefined;
  }

  dayAt(timeMs: number): ExchangeDay {
    if (this.newest && timeMs >= this.newest.start && timeMs < this.newest.end) return this.newest;
    this.newest = this.dayOf(this.source.dateAt(timeMs));
    return this.newest;
  }

  /** @param date `2026-11-20`, in the zone of the calendar */
  dayOf(date: string): ExchangeDay {
    const known = this.days.get(date);
    if (known) return known;
    if (this.days.size >= MAX_DAYS) this.days.clear();
    const day = this.source.of(date);
    this.days.set(date, day);
    return day;
  }

  phaseAt(timeMs: number): PhaseStretch {
    const { stretches } = this.dayAt(timeMs);
    // Stretches cover their day without gaps, so there is one.
    return stretches.find(({ to }) => timeMs < to) as PhaseStretch;
  }

  sessionAt(timeMs: number): TradingSession | undefined {
    const { phase, from, to, squareOffTime } = this.phaseAt(timeMs);
    return takesOrders(phase) ? { openTime: from, closeTime: to, squareOffTime } : undefined;
  }

  nextOpening(timeMs: number): number | undefined {
    const { date } = this.dayAt(timeMs);
    for (let ahead = 0; ahead <= MAX_DAYS_AHEAD; ahead += 1) {
      const { stretches } = this.dayOf(laterDate(date, ahead));
      const next = stretches.find(({ phase, from }) => from > timeMs && takesOrders(phase));
      if (next) return next.from;
    }
    return undefined;
  }

  tradingDayStart(timeMs: number): number {
    return this.tradingDay(timeMs).start;
  }

  tradingDayEnd(timeMs: number): number {
    return this.tradingDay(timeMs).end;
  }

  /** The day that daily limits, counts and notes of brokers refer to. */
  tradingDay(timeMs: number): TradingDay {
    if (!this.dayZone) return this.dayAt(timeMs);
    const known = this.newestTradingDay;
    if (known && timeMs >= known.start && timeMs < known.end) return known;
    this.newestTradingDay = this.tradingDayOf(this.dayZone.dateAt(timeMs));
    return this.newestTradingDay;
  }

  /** The same by its date. @param date `2026-11-20` */
  tradingDayOf(date: string): TradingDay {
    if (!this.dayZone) return this.dayOf(date);
    const start = this.dayZone.at(date, '00:00');
    return { date, start, end: this.dayZone.at(laterDate(date, 1), '00:00') };
  }
}

function zoneOfDay({ dayZone }: CalendarFile): TimeZone | undefined {
  return dayZone === undefined ? undefined : new TimeZone(dayZone);
}
