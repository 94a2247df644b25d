import type { DashboardUnified, MarketGroup, Regime } from '@tickbridge/contracts';
import { useState } from 'react';
import { chosenGroup, groupKey, groupName } from '../format/market-group';
import { ABSENT } from '../format/numbers';
import { type Polled, usePolled } from '../live/use-polled';
import { Badge, type Tone } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { MarketBreadth } from './market-breadth';
import { MarketMovers } from './market-movers';
import { MarketPhases } from './market-phases';

const REGIMES: Record<NonNullable<Regime['regime']>, readonly [string, Tone]> = {
  'trending-up': ['Trending up', 'good'],
  'trending-down': ['Trending down', 'bad'],
  mixed: ['Mixed', 'plain'],
  quiet: ['Quiet', 'plain'],
};

const MOVERS = 6;
const MOVERS_INTERVAL_MS = 5_000;
const NO_GROUPS: readonly MarketGroup[] = [];

interface MarketPanelProps {
  page: Polled<DashboardUnified>;
  onSelect: (symbol: string) => void;
}

/** Breadth, regime and movers: one class of instruments in one look, and the choice of it where there are several. */
export function MarketPanel({ page, onSelect }: MarketPanelProps) {
  const { data, error, loading, current, answeredAt } = page;
  const [chosen, setChosen] = useState<string | null>(null);
  const groups = data?.overview.groups ?? NO_GROUPS;
  const group = chosenGroup(groups, chosen);
  const hasSeveral = groups.length > 1;
  const movers = useMovers(hasSeveral ? group : undefined);
  const shown = hasSeveral ? movers : data?.movers;
  const breadth = data && (chosenGroup(data.breadth.groups, group ? groupKey(group) : null) ?? data.breadth);
  const regime = data && (chosenGroup(data.regime.groups, group ? groupKey(group) : null) ?? data.regime);
  return (
    <Panel
      title="Market"
      area="market"
      pastSince={current ? null : answeredAt}
      aside={
        hasSeveral && group ? (
          <GroupSelect groups={groups} value={groupKey(group)} onChange={setChosen} />
        ) : (
          regime && <RegimeBadge regime={regime.regime} />
        )
      }
    >
      {!data || !breadth || !regime ? (
        <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading the market.' : error}</Note>
      ) : (
        <>
          <MarketPhases />
          <MarketBreadth
            overview={data.overview}
            breadth={breadth}
            regime={regime}
            symbols={group?.symbols ?? null}
            badge={hasSeveral && <RegimeBadge regime={regime.regime} />}
          />
          <div className="movers">
            <MarketMovers title="Gainers" tickers={shown?.gainers ?? null} onSelect={onSelect} />
            <MarketMovers title="Losers" tickers={shown?.losers ?? null} onSelect={onSelect} />
          </div>
        </>
      )}
    </Panel>
  );
}

/** Movers of one group; `undefined` while nothing is asked for, or the answer is still another group's. */
function useMovers(group: MarketGroup | undefined) {
  const { data } = usePolled(
    'GET /api/v1/market/movers',
    group ? { query: { assetClass: group.assetClass, feed: group.feed, limit: MOVERS } } : null,
    MOVERS_INTERVAL_MS,
  );
  if (!group || !data) return undefined;
  const isOfGroup = [...data.gainers, ...data.losers].every((ticker) => groupKey(ticker) === groupKey(group));
  return isOfGroup ? data : undefined;
}

interface GroupSelectProps {
  groups: readonly MarketGroup[];
  value: string;
  onChange: (key: string) => void;
}

function GroupSelect({ groups, value, onChange }: GroupSelectProps) {
  return (
    <select aria-label="Market" value={value} onChange={(event) => onChange(event.target.value)}>
      {groups.map((group) => (
        <option key={groupKey(group)} value={groupKey(group)}>
          {groupName(group)}
        </option>
      ))}
    </select>
  );
}

function RegimeBadge({ regime }: Pick<Regime, 'regime'>) {
  if (regime === null) return <Badge>Regime {ABSENT}</Badge>;
  const [name, tone] = REGIMES[regime];
  return <Badge tone={tone}>{name}</Badge>;
}
