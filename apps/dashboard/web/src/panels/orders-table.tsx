import type { DashboardUnified, Order } from '@tickbridge/contracts';
import { formatCount } from '../format/numbers';
import { formatTime } from '../format/time';
import type { Polled } from '../live/use-polled';
import { Badge, type Tone } from '../parts/badge';
import { Note } from '../parts/note';
import { listNote } from './list-note';
import { Price } from '../parts/price';

/** How good or bad a state is. */
export const ORDER_TONES: Record<Order['status'], Tone> = {
  Initialized: 'plain',
  Submitted: 'info',
  Accepted: 'info',
  Triggered: 'info',
  PartiallyFilled: 'info',
  PendingUpdate: 'info',
  PendingCancel: 'info',
  Filled: 'good',
  Canceled: 'plain',
  Expired: 'plain',
  Denied: 'bad',
  Rejected: 'bad',
};

interface OrdersTableProps {
  orders: readonly Order[];
  page: Polled<DashboardUnified>;
  onSelect: (symbol: string) => void;
}

/** Orders, newest first, with their state and the reason of a refusal. */
export function OrdersTable({ orders, page, onSelect }: OrdersTableProps) {
  if (orders.length === 0) {
    const { kind, text } = listNote(page, 'orders', 'No orders yet. The pipeline shows where data stops.');
    return <Note kind={kind}>{text}</Note>;
  }
  return (
    <table className="table">
      <thead>
        <tr>
          <th className="cell--text">Time</th>
          <th className="cell--text">Symbol</th>
          <th className="cell--text">Side</th>
          <th>Quantity</th>
          <th className="cell--wide">Filled</th>
          <th className="cell--wide">Average</th>
          <th className="cell--text">State</th>
          <th className="cell--text cell--wide">Strategy</th>
          <th className="cell--text cell--wide">Reason</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.id} onClick={() => onSelect(order.symbol)}>
            <td className="cell--text cell--soft">{formatTime(order.createdAt)}</td>
            <td className="cell--text">{order.symbol}</td>
            <td className={`cell--text side--${order.side}`}>{order.side}</td>
            <td>{formatCount(order.quantity)}</td>
            <td className="cell--wide">{formatCount(order.filledQuantity)}</td>
            <td className="cell--wide">
              <Price symbol={order.symbol} price={order.averagePrice} />
            </td>
            <td className="cell--text">
              <Badge tone={ORDER_TONES[order.status]} title={order.rejection?.message}>
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
  );
}
