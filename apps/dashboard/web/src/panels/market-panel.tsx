import type { DashboardUnified, Ticker } from '@tickbridge/contracts';
import { formatCount, formatLarge, ABSENT } from '../format/numbers';
import type { Polled } from '../live/use-polled';
import { Badge, type Tone } from '../parts/badge';
import { Change } from '../parts/change';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Price } from '../parts/price';
import { MarketPhases } from './market-phases';

type RegimeName = NonNullable<DashboardUnified['regime']['regime']>;

const REGIMES: Record<RegimeName, readonly [string, Tone]> = {
  'trending-up': ['Trending up', 'good'],
  'trending-down': ['Trending down', 'bad'],
  mixed: ['Mixed', 'plain'],
  quiet: ['Quiet', 'plain'],
};

interface MarketPanelProps {
  page: Polled<DashboardUnified>;
  onSelect: (symbol: string) => void;
}

/** Breadth, regime and movers: the market in one look. */
export function MarketPanel({ page, onSelect }: MarketPanelProps) {
  const { data, error, loading, current, answeredAt } = page;
  return (
    <Panel
      title="Market"
      area="market"
      pastSince={current ? null : answeredAt}
      aside={data !== null && <Regime page={data} />}
    >
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading the market.' : error}</Note>
      ) : (
        <>
          <MarketPhases />
          <Breadth page={data} />
          <div className="movers">
            <Movers title="Gainers" tickers={data.movers.gainers} onSelect={onSelect} />
            <Movers title="Losers" tickers={data.movers.losers} onSelect={onSelect} />
          </div>
        </>
      )}
    </Panel>
  );
}

function Regime({ page }: { page: DashboardUnified }) {
  const { regime } = page.regime;
  if (regime === null) return <Badge>Regime {ABSENT}</Badge>;
  const [name, tone] = REGIMES[regime];
  return <Badge tone={tone}>{name}</Badge>;
}

function Breadth({ page }: { page: DashboardUnified }) {
  const { advances, declines, unchanged, unknown } = page.breadth;
  const total = advances + declines + unchanged;
  return (
    <div className="breadth">
      <div className="breadth__numbers">
        <span className="change--up">▲ {formatCount(advances)} up</span>
        <span className="cell--soft">
          {unchanged + unknown > 0 ? `${unchanged} flat${unknown > 0 ? ` · ${unknown} unknown` : ''}` : ''}
        </span>
        <span className="change--down">{formatCount(declines)} down ▼</span>
      </div>
      <svg
        className="breadth__bar"
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${advances} up, ${declines} down`}
      >
        {total > 0 && (
          <>
            <rect x="0" y="0" height="4" width={(advances / total) * 100} className="breadth__up" />
            <rect
              y="0"
              height="4"
              x={100 - (declines / total) * 100}
              width={(declines / total) * 100}
              className="breadth__down"
            />
          </>
        )}
      </svg>
      <dl className="facts">
        <div>
          <dt>Median</dt>
          <dd>
            <Change percent={page.overview.medianChangePercent} />
          </dd>
        </div>
        <div>
          <dt>Dispersion</dt>
          <dd>
            {page.regime.dispersionPercent === null ? ABSENT : `${page.regime.dispersionPercent.toFixed(2)}%`}
          </dd>
        </div>
        <div>
          <dt>Turnover</dt>
          <dd>{formatLarge(page.overview.turnover)}</dd>
        </div>
        <div>
          <dt>Fresh</dt>
          <dd>
            {formatCount(page.overview.freshSymbols)} / {formatCount(page.overview.symbolCount)}
          </dd>
        </div>
      </dl>
    </div>
  );
}

interface MoversProps {
  title: string;
  tickers: readonly Ticker[];
  onSelect: (symbol: string) => void;
}

function Movers({ title, tickers, onSelect }: MoversProps) {
  return (
    <div>
      <h3>{title}</h3>
      {tickers.length === 0 ? (
        <Note kind="empty">None.</Note>
      ) : (
        <ul>
          {tickers.map((ticker) => (
            <li key={ticker.symbol}>
              <button type="button" onClick={() => onSelect(ticker.symbol)}>
                <span className="movers__symbol">{ticker.symbol}</span>
                <span className="movers__price">
                  <Price symbol={ticker.symbol} price={ticker.lastPrice} />
                </span>
                <Change percent={ticker.changePercent} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
