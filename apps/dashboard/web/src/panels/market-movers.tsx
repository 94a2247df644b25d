import type { Ticker } from '@tickbridge/contracts';
import { Change } from '../parts/change';
import { Note } from '../parts/note';
import { Price } from '../parts/price';

interface MarketMoversProps {
  title: string;
  /** `null` before the first answer. */
  tickers: readonly Ticker[] | null;
  onSelect: (symbol: string) => void;
}

/** The symbols that moved most on one side. */
export function MarketMovers({ title, tickers, onSelect }: MarketMoversProps) {
  return (
    <div>
      <h3>{title}</h3>
      {tickers === null ? (
        <Note kind="loading">Loading.</Note>
      ) : tickers.length === 0 ? (
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
