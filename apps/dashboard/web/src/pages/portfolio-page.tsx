import type { BooksCheck, EquityInterval } from '@tickbridge/contracts';
import { useMemo, useState, type ReactNode } from 'react';
import { ABSENT, directionOf, formatCount, formatMoney } from '../format/numbers';
import { read } from '../live/api';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { ChargeDifferences } from '../panels/charge-differences';
import { JournalPanel } from '../panels/journal-panel';
import { TransferDialog } from '../panels/transfer-dialog';
import { RoundTripsPanel, TradeStatisticsPanel } from '../panels/round-trips-panel';
import { AccountSelect } from '../parts/account-select';
import { Badge } from '../parts/badge';
import { EquityChart } from '../parts/equity-chart';
import { Figure, ProfitFigure } from '../parts/figure';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';

const HOUR_MS = 3_600_000;

/** How far back the curve goes, and how closely it is drawn. */
const SPANS: readonly { title: string; ms: number; interval: EquityInterval }[] = [
  { title: '1h', ms: HOUR_MS, interval: '10s' },
  { title: '1d', ms: 24 * HOUR_MS, interval: '1m' },
  { title: '1w', ms: 168 * HOUR_MS, interval: '5m' },
  { title: '3m', ms: 90 * 24 * HOUR_MS, interval: '1h' },
  { title: '1y', ms: 365 * 24 * HOUR_MS, interval: '1d' },
];

/** Money of an account: now, over time, by strategy and by day. */
export function PortfolioPage() {
  const accounts = usePolled('GET /api/v1/accounts', {}, 30_000);
  const [chosen, setChosen] = useState<string | null>(null);
  const account = chosen ?? accounts.data?.[0]?.id ?? null;
  if (account === null) {
    return (
      <Note kind={accounts.loading ? 'loading' : accounts.error === null ? 'empty' : 'error'}>
        {accounts.loading ? 'Loading accounts.' : (accounts.error ?? 'There is no account.')}
      </Note>
    );
  }
  return (
    <div className="sheet__columns">
      <Summary
        account={account}
        select={<AccountSelect accounts={accounts.data ?? []} value={account} onChange={setChosen} />}
      />
      <Curve key={account} account={account} />
      <Strategies account={account} />
      <Days account={account} />
      <ChargeDifferences account={account} />
      <TradeStatisticsPanel account={account} />
      <RoundTripsPanel account={account} />
      <JournalPanel account={account} />
    </div>
  );
}

function Summary({ account, select }: { account: string; select: ReactNode }) {
  const user = usePolled('GET /api/v1/auth/me', {}, 60_000);
  const [transferring, setTransferring] = useState(false);
  const { data, error, loading, current, answeredAt, reload } = usePolled(
    'GET /api/v1/portfolio',
    { query: { account } },
    3_000,
  );
  return (
    <Panel
      title="Portfolio"
      area="wide"
      aside={
        <span className="panel__tools">
          {user.data?.role === 'admin' && data !== null && (
            <button type="button" className="button button--small" onClick={() => setTransferring(true)}>
              Deposit or withdraw
            </button>
          )}
          {select}
        </span>
      }
      pastSince={current ? null : answeredAt}
    >
      {transferring && data !== null && (
        <TransferDialog portfolio={data} onBooked={reload} onClose={() => setTransferring(false)} />
      )}
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading the portfolio.' : error}</Note>
      ) : (
        <div className="figures">
          <Figure strong label={`Equity (${data.currency})`} value={formatMoney(data.equity)} />
          <ProfitFigure label="Profit today" money={data.dayProfit} />
          <ProfitFigure label="Realised" money={data.realizedProfit} />
          <ProfitFigure label="Unrealised" money={data.unrealizedProfit} />
          <Figure label="Fees" value={formatMoney(data.fees)} />
          <Figure label="Cash" value={formatMoney(data.cash)} />
          {Number(data.unsettledCash) !== 0 && (
            <Figure label="Of it not settled" value={formatMoney(data.unsettledCash)} />
          )}
          {Number(data.paidIn) !== 0 && <Figure label="Paid in" value={formatMoney(data.paidIn, true)} />}
          <Figure label="Gross exposure" value={formatMoney(data.grossExposure)} />
          <Figure label="Net exposure" value={formatMoney(data.netExposure, true)} />
          <Figure label="Peak equity" value={formatMoney(data.peakEquity)} />
          <Figure
            label="Drawdown"
            value={data.drawdownPercent === null ? ABSENT : `${data.drawdownPercent.toFixed(2)}%`}
          />
          <Figure label="Open positions" value={formatCount(data.openPositions)} />
        </div>
      )}
    </Panel>
  );
}

function Curve({ account }: { account: string }) {
  const [span, setSpan] = useState(SPANS[1]);
  // Fixed when the page opens: the same question is asked again and again, and its answer grows.
  const [openedAt] = useState(() => Date.now());
  const from = span === undefined ? undefined : new Date(openedAt - span.ms).toISOString();
  const { data, error, loading, current, answeredAt } = usePolled(
    'GET /api/v1/portfolio/equity',
    { query: { account, interval: span?.interval, from } },
    10_000,
  );
  const points = useMemo(() => data?.points ?? [], [data]);
  return (
    <Panel
      title="Equity"
      area="wide"
      pastSince={current ? null : answeredAt}
      aside={
        <span className="panel__tools">
          {typeof data?.maxDrawdown === 'string' && (
            <span className="cell--soft">largest drawdown {formatMoney(data.maxDrawdown)}</span>
          )}
          <span className="segments" role="group" aria-label="Range">
            {SPANS.map((one) => (
              <button key={one.title} type="button" aria-pressed={one === span} onClick={() => setSpan(one)}>
                {one.title}
              </button>
            ))}
          </span>
        </span>
      }
    >
      {points.length === 0 ? (
        <Note kind={loading ? 'loading' : error === null ? 'empty' : 'error'}>
          {loading
            ? 'Loading the equity curve.'
            : (error ?? 'Nothing was held in this time: nothing was measured.')}
        </Note>
      ) : (
        <EquityChart label="Equity curve and drawdown" points={points} />
      )}
    </Panel>
  );
}

function Strategies({ account }: { account: string }) {
  const { data, error, loading, current, answeredAt } = usePolled(
    'GET /api/v1/portfolio/strategies',
    { query: { account } },
    5_000,
  );
  return (
    <Panel title="By strategy" area="strategies" pastSince={current ? null : answeredAt}>
      {data === null || data.length === 0 ? (
        <Note kind={loading ? 'loading' : data === null ? 'error' : 'empty'}>
          {loading ? 'Loading.' : data === null ? error : 'No strategy has traded on this account yet.'}
        </Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">Strategy</th>
              <th>Net profit</th>
              <th className="cell--wide">Realised</th>
              <th className="cell--wide">Unrealised</th>
              <th className="cell--wide">Fees</th>
              <th>Drawdown</th>
              <th className="cell--wide">Gross exposure</th>
              <th>Won / lost</th>
              <th>Open</th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={row.strategy}>
                <td className="cell--text">{row.strategy}</td>
                <td
                  className={`change--${directionOf(row.netProfit === null ? null : Number(row.netProfit))}`}
                >
                  {formatMoney(row.netProfit, true)}
                </td>
                <td className="cell--wide">{formatMoney(row.realizedProfit, true)}</td>
                <td className="cell--wide">{formatMoney(row.unrealizedProfit, true)}</td>
                <td className="cell--wide cell--soft">{formatMoney(row.fees)}</td>
                <td>{formatMoney(row.drawdown)}</td>
                <td className="cell--wide">{formatMoney(row.grossExposure)}</td>
                <td>
                  {row.wins} / {row.losses}
                </td>
                <td>{row.openPositions}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Days({ account }: { account: string }) {
  const { data, error, loading, current, answeredAt } = usePolled(
    'GET /api/v1/portfolio/days',
    { query: { account, limit: 30 } },
    30_000,
  );
  return (
    <Panel
      title="Trading days"
      area="days"
      aside={<Check account={account} />}
      pastSince={current ? null : answeredAt}
    >
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading.' : error}</Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">Day</th>
              <th className="cell--wide">Opening</th>
              <th>Closing</th>
              <th>Realised</th>
              <th className="cell--wide">Fees</th>
              <th className="cell--wide">Drawdown</th>
              <th>Fills</th>
            </tr>
          </thead>
          <tbody>
            {data.map((day) => (
              <tr key={day.day}>
                <td className="cell--text">
                  {day.day} {!day.closed && <Badge tone="info">open</Badge>}
                </td>
                <td className="cell--wide">{formatMoney(day.openingEquity)}</td>
                <td>{day.closed ? formatMoney(day.closingEquity) : ABSENT}</td>
                <td>{formatMoney(day.realizedProfit, true)}</td>
                <td className="cell--wide cell--soft">{formatMoney(day.fees)}</td>
                <td className="cell--wide">{formatMoney(day.maxDrawdown)}</td>
                <td>{formatCount(day.fills)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** Asks whether the books agree with all fills. */
function Check({ account }: { account: string }) {
  const { busy, problem, submit } = useSubmit();
  const [answer, setAnswer] = useState<BooksCheck | null>(null);
  const check = () =>
    void submit(async () => setAnswer(await read('GET /api/v1/portfolio/check', { query: { account } })));
  return (
    <span className="panel__tools">
      <Refusal problem={problem} />
      {answer !== null && (
        <Badge
          tone={answer.agrees ? 'good' : 'bad'}
          title={answer.differences.map(({ what }) => what).join(', ')}
        >
          {answer.agrees
            ? `agrees with ${formatCount(answer.fills)} fills`
            : `${answer.differences.length} differences`}
        </Badge>
      )}
      <button type="button" className="button button--small" disabled={busy} onClick={check}>
        Check the books
      </button>
    </span>
  );
}
