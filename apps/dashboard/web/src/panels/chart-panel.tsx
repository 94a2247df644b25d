import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';
import { useMemo, useState } from 'react';
import { ABSENT, formatLarge, formatPrice } from '../format/numbers';
import { useLive } from '../live/use-live';
import { usePolled } from '../live/use-polled';
import { CandleChart } from '../parts/candle-chart';
import { Change } from '../parts/change';
import { marksOf, type ChartMark } from '../parts/chart-marks';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { usePriceDecimals } from '../parts/price';

const INTERVALS: readonly CandleInterval[] = ['5s', '1m', '5m', '15m'];

/** Candles are read anew this often (ms); in between the live price moves its own. */
const RELOAD_MS = 5_000;

/** Candles of the selected symbol, with its signals and fills. */
export function ChartPanel({ symbol }: { symbol: string | null }) {
  const [interval, setInterval] = useState<CandleInterval>('1m');
  const quote = useLive(({ quotes }) => (symbol === null ? undefined : quotes.get(symbol)));
  const decimals = usePriceDecimals(symbol);
  return (
    <Panel
      title={symbol ?? 'Chart'}
      area="chart"
      aside={
        <div className="segments" role="group" aria-label="Interval">
          {INTERVALS.map((option) => (
            <button
              key={option}
              type="button"
              aria-pressed={option === interval}
              onClick={() => setInterval(option)}
            >
              {option}
            </button>
          ))}
        </div>
      }
    >
      <dl className="quote-line">
        <div className="quote-line__last">
          <dt>Last</dt>
          <dd>
            <span key={quote?.lastPrice} className={`flash flash--${quote?.moved ?? 'flat'}`}>
              {formatPrice(quote?.lastPrice, decimals)}
            </span>
            <Change percent={quote?.changePercent} />
          </dd>
        </div>
        <Item label="Bid" value={withQuantity(quote?.bid, quote?.bidQuantity, decimals)} />
        <Item label="Ask" value={withQuantity(quote?.ask, quote?.askQuantity, decimals)} />
        <Item label="High" value={formatPrice(quote?.high, decimals)} />
        <Item label="Low" value={formatPrice(quote?.low, decimals)} />
        <Item label="Volume" value={formatLarge(quote?.volume)} />
      </dl>
      {symbol === null ? (
        <Note kind="loading">Waiting for the first prices.</Note>
      ) : (
        <Candles
          key={`${symbol} ${interval}`}
          symbol={symbol}
          interval={interval}
          price={quote?.lastPrice ?? null}
          priceTime={quote?.eventTime ?? null}
        />
      )}
    </Panel>
  );
}

interface CandlesProps {
  symbol: string;
  interval: CandleInterval;
  price: number | null;
  /** When the exchange had it (ms since 1970). */
  priceTime: number | null;
}

function Candles({ symbol, interval, price, priceTime }: CandlesProps) {
  const { data, error } = usePolled(
    'GET /api/v1/market-data/:symbol/candles',
    { params: { symbol }, query: { interval, limit: 300 } },
    RELOAD_MS,
  );
  const marks = useMarks(symbol);
  const decimals = usePriceDecimals(symbol);
  if (data === null && error !== null) return <Note kind="error">{error}</Note>;
  if (data === null) return <Note kind="loading">Loading candles.</Note>;
  if (data.length === 0) return <Note kind="empty">{symbol} has not traded yet.</Note>;
  return (
    <CandleChart
      candles={data}
      marks={marks}
      intervalMs={CANDLE_INTERVAL_MS[interval]}
      price={price}
      priceTime={priceTime}
      decimals={decimals}
    />
  );
}

/** Signals as arrows, fills as dots. */
function useMarks(symbol: string): ChartMark[] {
  const signals = useLive((live) => live.signals);
  const orders = useLive((live) => live.orders);
  const fills = useLive((live) => live.fills);
  return useMemo(() => marksOf(symbol, { signals, orders, fills }), [symbol, signals, orders, fills]);
}

function Item({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function withQuantity(
  price: number | null | undefined,
  quantity: number | null | undefined,
  decimals: number | undefined,
): string {
  if (price === null || price === undefined) return ABSENT;
  return quantity === null || quantity === undefined
    ? formatPrice(price, decimals)
    : `${formatPrice(price, decimals)} × ${formatLarge(quantity)}`;
}
