import type { BacktestResult, BacktestRun } from '@tickbridge/contracts';
import { formatCount, formatMoney, formatPercent } from '../format/numbers';
import { formatDateTime, formatTime } from '../format/time';
import { send } from '../live/api';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { Badge } from '../parts/badge';
import { EquityChart } from '../parts/equity-chart';
import { Figure, ProfitFigure } from '../parts/figure';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';
import { ORDER_TONES } from './orders-table';
import { Price } from '../parts/price';
import { TradeFigures } from './trade-figures';

/** Orders of a result that are shown; all of them are in the API's answer. */
const SHOWN_ORDERS = 200;

interface BacktestViewProps {
  run: BacktestRun;
  onChanged: () => void;
}

/** One run: its progress, or what came of it. */
export function BacktestView({ run, onChanged }: BacktestViewProps) {
  const { busy, problem, submit } = useSubmit();
  const underWay = run.status === 'queued' || run.status === 'running';
  const cancel = () =>
    void submit(() => send('POST /api/v1/backtests/:id/cancel', { params: { id: run.id } })).then(
      (done) => done && onChanged(),
    );
  return (
    <Panel
      title={`Result of ${formatDateTime(run.createdAt)}`}
      area="result"
      aside={
        underWay && (
          <button type="button" className="button button--small" disabled={busy} onClick={cancel}>
            Cancel the run
          </button>
        )
      }
    >
      <Refusal problem={problem} />
      {underWay && (
        <p className="note" role="status">
          {run.status === 'queued'
            ? 'Waits for its turn.'
            : `${run.progressPercent.toFixed(0)}% of the bars.`}{' '}
          <progress max={100} value={run.progressPercent} aria-label="Progress" />
        </p>
      )}
      {run.error !== null && (
        <Note kind="error">
          {run.error.message} ({run.error.code})
        </Note>
      )}
      {run.status === 'cancelled' && <Note kind="empty">It was cancelled.</Note>}
      {run.status === 'completed' && <Completed id={run.id} />}
    </Panel>
  );
}

/** A completed run never changes: it is read once an hour. */
function Completed({ id }: { id: string }) {
  const { data, error, loading } = usePolled('GET /api/v1/backtests/:id', { params: { id } }, 3_600_000);
  if (!data?.result) {
    return <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading the result.' : error}</Note>;
  }
  return <Result result={data.result} />;
}

function Result({ result }: { result: BacktestResult }) {
  const { statistics: figures, equity, orders, ordersOmitted } = result;
  return (
    <>
      <div className="figures">
        <Figure strong label={`Equity (${figures.currency})`} value={formatMoney(figures.equity)} />
        <Figure label="Return" value={formatPercent(figures.returnPercent)} />
        <ProfitFigure label="Realised" money={figures.realizedProfit} />
        <Figure label="Fees" value={formatMoney(figures.fees)} />
        <Figure label="Largest drawdown" value={`${figures.maxDrawdownPercent.toFixed(2)}%`} />
        {figures.trades && <TradeFigures trades={figures.trades} />}
        <Figure label="Bars" value={formatCount(figures.bars)} />
        <Figure label="Symbols" value={formatCount(figures.symbols)} />
        <Figure label="Signals" value={formatCount(figures.signals)} />
        <Figure label="Orders" value={formatCount(figures.orders)} />
      </div>
      <Reasons title="Denied" counts={figures.denied} />
      <Reasons title="Signals without an order" counts={figures.withoutOrder} />
      {equity.length > 1 ? (
        <EquityChart label="Equity curve of the backtest" points={equity} />
      ) : (
        <Note kind="empty">Too few bars for a curve.</Note>
      )}
      {orders.length > 0 && <Orders orders={orders} omitted={ordersOmitted} />}
    </>
  );
}

function Reasons({ title, counts }: { title: string; counts: Record<string, number> }) {
  const entries = Object.entries(counts);
  if (entries.length === 0) return null;
  return (
    <p className="reasons">
      <span>{title}:</span> {entries.map(([reason, count]) => `${reason} ${formatCount(count)}`).join(', ')}
    </p>
  );
}

function Orders({ orders, omitted }: { orders: BacktestResult['orders']; omitted: number }) {
  const beyond = orders.length - SHOWN_ORDERS + omitted;
  return (
    <>
      <table className="table table--plain">
        <thead>
          <tr>
            <th className="cell--text">Time</th>
            <th className="cell--text">Symbol</th>
            <th className="cell--text">Side</th>
            <th>Quantity</th>
            <th>Average</th>
            <th className="cell--wide">Realised</th>
            <th className="cell--text">State</th>
            <th className="cell--text cell--wide">Strategy</th>
            <th className="cell--text cell--wide">Reason</th>
          </tr>
        </thead>
        <tbody>
          {orders.slice(0, SHOWN_ORDERS).map((order) => (
            <tr key={order.id}>
              <td className="cell--text cell--soft">{formatTime(order.createdAt)}</td>
              <td className="cell--text">{order.symbol}</td>
              <td className={`cell--text side--${order.side}`}>{order.side}</td>
              <td>{formatCount(order.quantity)}</td>
              <td>
                <Price symbol={order.symbol} price={order.averagePrice} />
              </td>
              <td className="cell--wide">{formatMoney(order.realized, true)}</td>
              <td className="cell--text">
                <Badge tone={ORDER_TONES[order.status]} title={order.rejection?.message ?? ''}>
                  {order.status}
                </Badge>
              </td>
              <td className="cell--text cell--wide cell--soft">{order.strategy}</td>
              <td className="cell--text cell--wide cell--reason" title={order.rejection?.message}>
                {order.rejection?.message ?? ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {beyond > 0 && <p className="reasons">{formatCount(beyond)} more orders are not shown.</p>}
    </>
  );
}
