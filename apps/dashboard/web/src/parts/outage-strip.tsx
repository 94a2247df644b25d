import { formatAge, formatTime } from '../format/time';
import type { Outage } from '../live/known-parts';
import { useServerTime } from '../live/use-live';
import { Lamp } from './badge';

/** Says what is not available, since when, and why; takes no room while all is well. */
export function OutageStrip({ outages }: { outages: readonly Outage[] }) {
  return (
    <div className="outages" role="status" aria-label="Not available">
      {outages.map((outage) => (
        <OutageLine key={outage.what} outage={outage} />
      ))}
    </div>
  );
}

function OutageLine({ outage: { what, since, why } }: { outage: Outage }) {
  const serverTime = useServerTime();
  return (
    <p className="outage">
      <Lamp tone="warn" />
      <span>
        <strong>Not available: {what}.</strong> {why}{' '}
        {since === null
          ? 'Nothing was read since this page was opened.'
          : `What is dimmed was read at ${formatTime(since + serverTime - Date.now())} IST, ${formatAge(Date.now() - since)} ago.`}
      </span>
    </p>
  );
}
