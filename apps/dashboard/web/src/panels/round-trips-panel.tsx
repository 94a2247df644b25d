import type { StatisticsGroup } from '@tickbridge/contracts';
import { useState } from 'react';
import { directionOf, formatCount, formatMoney, formatPercent } from '../format/numbers';
import { formatDateTime, formatSpan } from '../format/time';
import { usePolled } from '../live/use-polled';
import { Badge } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Price } from '../parts/price';
import { averageMoney, excursionsOf, formatFactor, wonOf } from './trade-figures';

const GROUPS: readonly { title: string; by: StatisticsGroup }[] = [
  { title: 'Strategy', by: 'strategy' },
  { title: 'Symbol', by: 'symbol' },
  { title: 'Day', by: 'day' },
  { title: 'Account', by: 'account' },
];
const SHOWN_TRIPS = 50;

/** Statistics of closed positions, by what people choose. */
export function TradeStatisticsPanel({ account }: { account: string }) {
  const [by, setBy] = useState<StatisticsGroup>('strategy');
  const { data, error, loading, current, answeredAt } = usePolled(
    'GET /api/v1/portfolio/statistics',
    { query: { account, groupBy: by } },
    10_000,
  );
  const choice = (
    <span className="segments" role="group" aria-label="Statistics by">
      {GROUPS.map((one) => (
        <button key={one.by} type="button" aria-pressed={one.by === by} onClick={() => setBy(one.by)}>
          {one.title}
        </button>
      ))}
    </span>
  );
  return (
    <Panel
      title="Trades, net of all charges"
      area="wide"
      aside={choice}
      pastSince={current ? null : answeredAt}
    >
      {data === null || data.length === 0 ? (
        <Note kind={loading ? 'loading' : data === null ? 'error' : 'empty'}>
          {loading ? 'Loading.' : data === null ? error : 'No position was opened and closed again yet.'}
        </Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">{GROUPS.find((one) => one.by === by)?.title}</th>
              <th>Net profit</th>
              <th>Won</th>
              <th className="cell--wide">Profit factor</th>
              <th>Expectancy</th>
              <th className="cell--wide">Average win</th>
              <th className="cell--wide">Average loss</th>
              <th className="cell--wide">Charges</th>
              <th className="cell--wide">Held</th>
              <th className="cell--wide">Best / worst on the way</th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={row.group}>
                <td className="cell--text">{row.group}</td>
                <td className={`change--${directionOf(Number(row.netProfit))}`}>
                  {formatMoney(row.netProfit, true)}
                </td>
                <td>{wonOf(row)}</td>
                <td className="cell--wide">{formatFactor(row.profitFactor)}</td>
                <td>{averageMoney(row.expectancy)}</td>
                <td className="cell--wide">{averageMoney(row.averageWin)}</td>
                <td className="cell--wide">{averageMoney(row.averageLoss)}</td>
                <td className="cell--wide cell--soft">{formatMoney(row.charges)}</td>
                <td className="cell--wide">{formatSpan(row.averageHoldingMs)}</td>
                <td className="cell--wide">{excursionsOf(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** The newest closed positions, one by one. */
export function RoundTripsPanel({ account }: { account: string }) {
  const { data, error, loading, current, answeredAt } = usePolled(
    'GET /api/v1/portfolio/round-trips',
    { query: { account, limit: SHOWN_TRIPS } },
    10_000,
  );
  return (
    <Panel title="Round trips" area="wide" pastSince={current ? null : answeredAt}>
      {data === null || data.length === 0 ? (
        <Note kind={loading ? 'loading' : data === null ? 'error' : 'empty'}>
          {loading ? 'Loading.' : data === null ? error : 'No position was opened and closed again yet.'}
        </Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">Closed (IST)</th>
              <th className="cell--text">Symbol</th>
              <th className="cell--text cell--wide">Strategy</th>
              <th className="cell--text">Side</th>
              <th className="cell--wide">Quantity</th>
              <th className="cell--wide">Entry</th>
              <th className="cell--wide">Exit</th>
              <th className="cell--wide">Held</th>
              <th className="cell--wide">Charges</th>
              <th>Net profit</th>
              <th className="cell--wide">Return</th>
            </tr>
          </thead>
          <tbody>
            {data.map((trip) => (
              <tr key={`${trip.strategy} ${trip.symbol} ${trip.openedAt} ${trip.closedAt}`}>
                <td className="cell--text">{formatDateTime(trip.closedAt)}</td>
                <td className="cell--text">{trip.symbol}</td>
                <td className="cell--text cell--wide">{trip.strategy}</td>
                <td className="cell--text">
                  <Badge tone={trip.direction === 'long' ? 'good' : 'bad'}>{trip.direction}</Badge>
                </td>
                <td className="cell--wide">{formatCount(trip.quantity)}</td>
                <td className="cell--wide">
                  <Price symbol={trip.symbol} price={trip.entryPrice} />
                </td>
                <td className="cell--wide">
                  <Price symbol={trip.symbol} price={trip.exitPrice} />
                </td>
                <td className="cell--wide">{formatSpan(trip.holdingMs)}</td>
                <td className="cell--wide cell--soft">{formatMoney(trip.charges)}</td>
                <td className={`change--${directionOf(Number(trip.netProfit))}`}>
                  {formatMoney(trip.netProfit, true)}
                </td>
                <td className="cell--wide">{formatPercent(trip.returnPercent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
