import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { formatLarge } from '../format/numbers';
import { formatAge } from '../format/time';
import type { Quote } from '../live/live.store';
import { useLive, useServerTime } from '../live/use-live';
import { Change } from '../parts/change';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Price } from '../parts/price';

/** A price older than this is dimmed (ms): the risk check would not trade on it. */
const STALE_AFTER_MS = 5_000;

type SortKey = 'symbol' | 'lastPrice' | 'changePercent' | 'volume' | 'receivedAt';

const COLUMNS: readonly { key: SortKey | null; title: string; className: string }[] = [
  { key: 'symbol', title: 'Symbol', className: 'cell--text' },
  { key: 'lastPrice', title: 'Last', className: '' },
  { key: 'changePercent', title: 'Change', className: '' },
  { key: null, title: 'Bid', className: 'cell--quote' },
  { key: null, title: 'Ask', className: 'cell--quote' },
  { key: 'volume', title: 'Volume', className: 'cell--volume' },
  { key: 'receivedAt', title: 'Age', className: '' },
];

interface PriceTableProps {
  selected: string | null;
  /** A row was chosen by click or Enter. */
  onSelect: (symbol: string) => void;
  /** The selection moved with the arrow keys. */
  onMove: (symbol: string) => void;
}

/** Every symbol, live: filter with /, move with the arrow keys. */
export function PriceTable({ selected, onSelect, onMove }: PriceTableProps) {
  const quotes = useLive((live) => live.quotes);
  const connected = useLive((live) => live.connected);
  const now = useServerTime();
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<{ key: SortKey; down: boolean }>({ key: 'symbol', down: false });
  const input = useFocusOnSlash();
  const rows = useMemo(() => arrange([...quotes.values()], filter, sort), [quotes, filter, sort]);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || rows.length === 0) return;
    event.preventDefault();
    const at = rows.findIndex(({ symbol }) => symbol === selected);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    onMove(next.symbol);
    document.getElementById(rowId(next.symbol))?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <Panel
      title="Prices"
      area="prices"
      aside={
        <input
          ref={input}
          className="filter"
          type="search"
          placeholder="Filter  /"
          aria-label="Filter symbols"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={move}
        />
      }
    >
      {quotes.size === 0 ? (
        <Note kind={connected === false ? 'error' : 'loading'}>
          {connected === false
            ? 'The live stream is not connected. Trying again.'
            : 'Waiting for the first prices.'}
        </Note>
      ) : (
        <table className="table table--prices" tabIndex={0} onKeyDown={move}>
          <thead>
            <tr>
              {COLUMNS.map(({ key, title, className }) => (
                <th key={title} className={className} aria-sort={ariaSort(key, sort)}>
                  {key === null ? (
                    title
                  ) : (
                    <button
                      type="button"
                      onClick={() => setSort({ key, down: sort.key === key ? !sort.down : key !== 'symbol' })}
                    >
                      {title}
                      {sort.key === key && <span aria-hidden="true">{sort.down ? ' ↓' : ' ↑'}</span>}
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((quote) => (
              <PriceRow
                key={quote.symbol}
                quote={quote}
                age={formatAge(now - quote.receivedAt)}
                stale={now - quote.receivedAt > STALE_AFTER_MS}
                selected={quote.symbol === selected}
                onSelect={onSelect}
              />
            ))}
          </tbody>
        </table>
      )}
      {quotes.size > 0 && rows.length === 0 && <Note kind="empty">No symbol matches “{filter}”.</Note>}
    </Panel>
  );
}

interface PriceRowProps {
  quote: Quote;
  age: string;
  stale: boolean;
  selected: boolean;
  onSelect: (symbol: string) => void;
}

const PriceRow = memo(function PriceRow({ quote, age, stale, selected, onSelect }: PriceRowProps) {
  return (
    <tr
      id={rowId(quote.symbol)}
      className={stale ? 'row--stale' : ''}
      aria-selected={selected}
      onClick={() => onSelect(quote.symbol)}
    >
      <td className="cell--text">{quote.symbol}</td>
      <td>
        {/* A new key starts the flash again. */}
        <span key={quote.lastPrice} className={`flash flash--${quote.moved}`}>
          <Price symbol={quote.symbol} price={quote.lastPrice} />
        </span>
      </td>
      <td>
        <Change percent={quote.changePercent} />
      </td>
      <td className="cell--quote cell--soft">
        <Price symbol={quote.symbol} price={quote.bid} />
      </td>
      <td className="cell--quote cell--soft">
        <Price symbol={quote.symbol} price={quote.ask} />
      </td>
      <td className="cell--volume cell--soft">{formatLarge(quote.volume)}</td>
      <td className="cell--age">{age}</td>
    </tr>
  );
});

function arrange(quotes: Quote[], filter: string, sort: { key: SortKey; down: boolean }): Quote[] {
  const wanted = filter.trim().toUpperCase();
  const found = wanted === '' ? quotes : quotes.filter(({ symbol }) => symbol.includes(wanted));
  const sign = sort.down ? -1 : 1;
  return found.sort((a, b) => {
    const [x, y] = [a[sort.key], b[sort.key]];
    // What is not known comes last, whichever way the rest is sorted.
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const order = typeof x === 'string' ? x.localeCompare(y as string) : x - (y as number);
    return sign * order || a.symbol.localeCompare(b.symbol);
  });
}

function ariaSort(key: SortKey | null, sort: { key: SortKey; down: boolean }) {
  if (key === null || sort.key !== key) return undefined;
  return sort.down ? 'descending' : 'ascending';
}

function rowId(symbol: string): string {
  return `price-${symbol.replaceAll(' ', '_')}`;
}

function useFocusOnSlash() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== '/' || typing) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return input;
}
