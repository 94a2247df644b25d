import type { Breadth, Overview, Regime } from '@tickbridge/contracts';
import type { ReactNode } from 'react';
import { ABSENT, formatCount, formatLargeIn } from '../format/numbers';
import { Change } from '../parts/change';

interface MarketBreadthProps {
  overview: Overview;
  /** Figures of the group that is shown. */
  breadth: Pick<Breadth, 'advances' | 'declines' | 'unchanged' | 'unknown'>;
  regime: Pick<Regime, 'medianChangePercent' | 'dispersionPercent'>;
  /** How many symbols they are made of. */
  symbols: number | null;
  /** Shown among the figures where the head of the panel has no room for it. */
  badge?: ReactNode;
}

/** Who rises and falls, in numbers and as a bar, and the figures of the day. */
export function MarketBreadth({ overview, breadth, regime, symbols, badge }: MarketBreadthProps) {
  const { advances, declines, unchanged, unknown } = breadth;
  const flat = [unchanged ? `${unchanged} flat` : '', unknown ? `${unknown} unknown` : ''].filter(Boolean);
  return (
    <div className="breadth">
      <div className="breadth__numbers">
        <span className="change--up">▲ {formatCount(advances)} up</span>
        <span className="cell--soft">{flat.join(' · ')}</span>
        <span className="change--down">{formatCount(declines)} down ▼</span>
      </div>
      <Bar advances={advances ?? 0} declines={declines ?? 0} unchanged={unchanged ?? 0} />
      <dl className="facts">
        {badge && (
          <div className="facts__wide">
            <dt>Regime</dt>
            <dd>{badge}</dd>
          </div>
        )}
        <div>
          <dt>Median</dt>
          <dd>
            <Change percent={regime.medianChangePercent} />
          </dd>
        </div>
        <div>
          <dt>Dispersion</dt>
          <dd>{regime.dispersionPercent === null ? ABSENT : `${regime.dispersionPercent.toFixed(2)}%`}</dd>
        </div>
        <div>
          <dt>Symbols</dt>
          <dd>{formatCount(symbols)}</dd>
        </div>
        <div>
          <dt>Fresh</dt>
          <dd>
            {formatCount(overview.freshSymbols)} / {formatCount(overview.symbolCount)}
          </dd>
        </div>
        <div className="facts__wide">
          <dt>Turnover</dt>
          <dd>
            {overview.turnover.length === 0
              ? ABSENT
              : overview.turnover
                  .map(({ currency, turnover }) => `${formatLargeIn(turnover, currency)} ${currency}`)
                  .join(' · ')}
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Bar({ advances, declines, unchanged }: { advances: number; declines: number; unchanged: number }) {
  const total = advances + declines + unchanged;
  return (
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
  );
}
