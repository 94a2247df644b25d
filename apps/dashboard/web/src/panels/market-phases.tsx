import type { FeedSummary } from '@tickbridge/contracts';
import { marketPhaseText } from '../format/market-phase';
import { useSystem } from '../live/use-live';
import { Lamp } from '../parts/badge';

/** What the market behind each feed does now; where calendar and vendor contradict each other, that too. */
export function MarketPhases() {
  const feeds = useSystem()?.feeds ?? [];
  const markets = feeds.filter(({ marketStatus }) => marketStatus);
  if (markets.length === 0) return null;
  return (
    <ul className="services services--phases" aria-label="Market phases">
      {markets.map((feed) => (
        <MarketLine key={feed.feed} feed={feed} />
      ))}
    </ul>
  );
}

function MarketLine({ feed: { feed, marketStatus } }: { feed: FeedSummary }) {
  if (!marketStatus) return null;
  const { phase, takesOrders, contradiction } = marketStatus;
  return (
    <li title={marketStatus.calendar}>
      <Lamp tone={contradiction === null ? (takesOrders ? 'good' : 'plain') : 'warn'} />
      <span>{feed}</span>
      <span className="cell--soft">{marketPhaseText(phase, marketStatus)}</span>
      <span className="services__detail">{contradiction ?? ''}</span>
    </li>
  );
}
