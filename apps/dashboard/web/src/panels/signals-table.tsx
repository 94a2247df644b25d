import type { DashboardUnified, Signal } from '@tickbridge/contracts';
import { formatTime } from '../format/time';
import type { Polled } from '../live/use-polled';
import { Note } from '../parts/note';
import { listNote } from './list-note';
import { Price } from '../parts/price';

interface SignalsTableProps {
  signals: readonly Signal[];
  page: Polled<DashboardUnified>;
  onSelect: (symbol: string) => void;
}

/** Signals, newest first, with the strategy's reason. */
export function SignalsTable({ signals, page, onSelect }: SignalsTableProps) {
  if (signals.length === 0) {
    const { kind, text } = listNote(page, 'signals', 'No signals yet. The pipeline shows where data stops.');
    return <Note kind={kind}>{text}</Note>;
  }
  return (
    <table className="table">
      <thead>
        <tr>
          <th className="cell--text">Time</th>
          <th className="cell--text">Symbol</th>
          <th className="cell--text">Action</th>
          <th>Price</th>
          <th className="cell--wide">Stop</th>
          <th className="cell--wide">Target</th>
          <th className="cell--wide">Strength</th>
          <th className="cell--text">Strategy</th>
          <th className="cell--text cell--wide">Reason</th>
        </tr>
      </thead>
      <tbody>
        {signals.map((signal) => (
          <tr key={signal.id} onClick={() => onSelect(signal.symbol)}>
            <td className="cell--text cell--soft">{formatTime(signal.createdAt)}</td>
            <td className="cell--text">{signal.symbol}</td>
            <td className={`cell--text side--${signal.action}`}>{signal.action}</td>
            <td>
              <Price symbol={signal.symbol} price={signal.price} />
            </td>
            <td className="cell--wide cell--soft">
              <Price symbol={signal.symbol} price={signal.stopLoss} />
            </td>
            <td className="cell--wide cell--soft">
              <Price symbol={signal.symbol} price={signal.target} />
            </td>
            <td className="cell--wide">
              <meter min={0} max={1} value={signal.strength} title={signal.strength.toFixed(2)} />
            </td>
            <td className="cell--text cell--soft">{signal.strategy}</td>
            <td className="cell--text cell--wide cell--reason" title={signal.reason}>
              {signal.reason}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
