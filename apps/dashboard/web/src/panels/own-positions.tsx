import type { Position } from '@tickbridge/contracts';
import { formatCount } from '../format/numbers';
import { Price } from '../parts/price';

interface OwnPositionsProps {
  positions: readonly Position[];
  /** Whether the account is told: there is more than one. */
  named: boolean;
  onSetExits: (position: Position) => void;
}

/** What people hold in their own name, with stop and target. */
export function OwnPositions({ positions, named, onSetExits }: OwnPositionsProps) {
  return (
    <table className="table table--plain">
      <thead>
        <tr>
          <th className="cell--text">Symbol</th>
          <th>Quantity</th>
          <th className="cell--wide">Average</th>
          <th className="cell--wide">Mark</th>
          <th>Stop</th>
          <th>Target</th>
          <th aria-label="Actions" />
          {named && <th className="cell--text cell--wide">Account</th>}
          <th className="cell--text cell--wide cell--reason" aria-hidden="true" />
        </tr>
      </thead>
      <tbody>
        {positions.map((position) => (
          <tr key={`${position.accountId} ${position.symbol}`}>
            <td className="cell--text">{position.symbol}</td>
            <td>
              {position.quantity > 0 ? '' : '−'}
              {formatCount(Math.abs(position.quantity))}
            </td>
            <td className="cell--wide">
              <Price symbol={position.symbol} price={position.averagePrice} />
            </td>
            <td className="cell--wide">
              <Price symbol={position.symbol} price={position.markPrice} />
            </td>
            <td>
              <Price symbol={position.symbol} price={position.stopLoss} />
            </td>
            <td>
              <Price symbol={position.symbol} price={position.takeProfit} />
            </td>
            <td>
              <span className="row-actions">
                <button type="button" className="button button--small" onClick={() => onSetExits(position)}>
                  Exits
                </button>
              </span>
            </td>
            {named && <td className="cell--text cell--wide cell--soft">{position.accountId}</td>}
            <td className="cell--text cell--wide cell--reason" />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
