import type { CalendarSummary } from '@tickbridge/contracts';
import { marketPhaseText } from '../format/market-phase';
import { usePolled } from '../live/use-polled';
import { Lamp } from '../parts/badge';
import { Note } from '../parts/note';

const EVERY_MS = 30_000;

/** The calendars with what their markets do by them, and how far they reach. */
export function CalendarList() {
  const { data, error, loading, current } = usePolled('GET /api/v1/calendars', {}, EVERY_MS);
  if (data === null) {
    return <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading the calendars.' : error}</Note>;
  }
  return (
    <ul className={`services ${current ? '' : 'past'}`} aria-label="Calendars">
      {data.map((calendar) => (
        <CalendarLine key={calendar.id} calendar={calendar} />
      ))}
    </ul>
  );
}

function CalendarLine({ calendar }: { calendar: CalendarSummary }) {
  const { id, name, phase, takesOrders, phaseTo, opensAt, today, coverage, warning } = calendar;
  return (
    <li title={name}>
      <Lamp tone={warning === null ? (takesOrders ? 'good' : 'plain') : 'warn'} />
      <span>{id}</span>
      <span className="cell--soft">{marketPhaseText(phase, { closesAt: phaseTo, opensAt })}</span>
      <span className="services__detail">
        {warning ?? [today, coverage.to && `known to ${coverage.to}`].filter(Boolean).join(' · ')}
      </span>
    </li>
  );
}
