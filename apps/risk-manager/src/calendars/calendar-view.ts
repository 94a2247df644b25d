import { type CalendarDateAnswer, type CalendarSummary, takesOrders, toIso } from '@tickbridge/contracts';
import { type ExchangeCalendar, horizonWarning, laterDate } from '@tickbridge/trading-core';

/** A calendar and what its market does now, for people. */
export function summaryOf(calendar: ExchangeCalendar, now: number): CalendarSummary {
  const { id, name, zone, coverage, sources } = calendar.file;
  const { phase, from, to } = calendar.phaseAt(now);
  const opensAt = calendar.nextOpening(now);
  return {
    id,
    name,
    zone,
    phase,
    takesOrders: takesOrders(phase),
    phaseFrom: toIso(from),
    phaseTo: toIso(to),
    today: calendar.dayAt(now).reason,
    opensAt: opensAt === undefined ? null : toIso(opensAt),
    coverage,
    warning: horizonWarning(calendar, now),
    sources,
  };
}

/** Dates one after the other with their phases; what is closed is left out. */
export function toDates(calendar: ExchangeCalendar, from: string, days: number): CalendarDateAnswer[] {
  return Array.from({ length: days }, (_, index) => {
    const { date, reason, stretches } = calendar.dayOf(laterDate(from, index));
    const phases = stretches
      .filter(({ phase }) => phase !== 'closed')
      .map(({ phase, from: begin, to, squareOffTime }) => ({
        phase,
        from: toIso(begin),
        to: toIso(to),
        squareOffAt: squareOffTime === null ? null : toIso(squareOffTime),
      }));
    return { date, reason, phases };
  });
}
