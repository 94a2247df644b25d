import type { DashboardUnified, Position } from '@tickbridge/contracts';
import { ABSENT, directionOf, formatCount, formatMoney } from '../format/numbers';
import { formatAge } from '../format/time';
import type { Polled } from '../live/use-polled';
import { Note } from '../parts/note';
import { listNote } from './list-note';
import { Price } from '../parts/price';

interface PositionsTableProps {
  positions: readonly Position[] | null;
  page: Polled<DashboardUnified>;
  onSelect: (symbol: string) => void;
}

/** Open positions with the price they are valued at, and its age. */
export function PositionsTable({ positions, page, onSelect }: PositionsTableProps) {
  if (positions === null || positions.length === 0) {
    const { kind, text } = listNote(page, 'positions', 'No open positions.');
    return <Note kind={kind}>{text}</Note>;
  }
  return (
    <table className="table">
      <thead>
        <tr>
          <th className="cell--text">Symbol</th>
          <th>Quantity</th>
          <th className="cell--wide">Average</th>
          <th>Mark</th>
          <th className="cell--wide">Age</th>
          <th className="cell--wide">Stop</th>
          <th className="cell--wide">Target</th>
          <th>Unrealised</th>
          <th>Realised</th>
          <th className="cell--text cell--wide">Held as</th>
          <th className="cell--text cell--wide">Strategy</th>
        </tr>
      </thead>
      <tbody>
        {positions.map((position) => (
          <tr
            key={`${position.accountId} ${position.symbol} ${position.strategy}`}
            onClick={() => onSelect(position.symbol)}
          >
            <td className="cell--text">{position.symbol}</td>
            <td>
              {position.quantity > 0 ? '' : '−'}
              {formatCount(Math.abs(position.quantity))}
            </td>
            <td className="cell--wide">
              <Price symbol={position.symbol} price={position.averagePrice} />
            </td>
            <td>
              <Price symbol={position.symbol} price={position.markPrice} />
            </td>
            <td className="cell--age cell--wide">{formatAge(position.markAgeMs)}</td>
            <td className="cell--wide">
              <Price symbol={position.symbol} price={position.stopLoss} />
            </td>
            <td className="cell--wide">
              <Price symbol={position.symbol} price={position.takeProfit} />
            </td>
            <Money money={position.unrealizedProfit} />
            <Money money={position.realizedProfit} />
            <td className="cell--text cell--wide cell--soft">{heldAs(position)}</td>
            <td className="cell--text cell--wide cell--soft">{position.strategy}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** With what is not settled yet: `delivery, 4 to settle on 2026-12-01`. */
function heldAs({ product, quantity, settledQuantity, settlesOn }: Position): string {
  if (product === null) return ABSENT;
  if (settledQuantity === null || settledQuantity >= quantity) return product;
  const day = settlesOn === null ? '' : ` on ${settlesOn}`;
  return `${product}, ${formatCount(quantity - settledQuantity)} to settle${day}`;
}

function Money({ money }: { money: string | null }) {
  const direction = directionOf(money === null ? null : Number(money));
  return <td className={`change--${direction}`}>{formatMoney(money, true)}</td>;
}
