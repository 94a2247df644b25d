import type { Order } from '@tickbridge/contracts';
import { useState } from 'react';
import { formatCount } from '../format/numbers';
import { formatTime } from '../format/time';
import { usePolled } from '../live/use-polled';
import { CancelDialog } from '../panels/cancel-dialog';
import { ModifyDialog } from '../panels/modify-dialog';
import { ORDER_TONES } from '../panels/orders-table';
import { PlaceOrderForm } from '../panels/place-order-form';
import { Badge } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Price } from '../parts/price';

/** States in which an order rests at the broker and can still be changed. */
const WORKING: ReadonlySet<Order['status']> = new Set(['Accepted', 'Triggered', 'PartiallyFilled']);
const OVER: ReadonlySet<Order['status']> = new Set(['Denied', 'Rejected', 'Canceled', 'Expired', 'Filled']);

type Act = { kind: 'modify' | 'cancel'; order: Order };

/** Orders of people: place, change, cancel; and every order there is. */
export function OrdersPage() {
  const accounts = usePolled('GET /api/v1/accounts', {}, 30_000);
  const { data, error, loading, current, answeredAt, reload } = usePolled(
    'GET /api/v1/orders',
    { query: { limit: 200 } },
    2_000,
  );
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  const open = data?.filter(({ status }) => !OVER.has(status)).length ?? 0;
  return (
    <div className="sheet__aside">
      <PlaceOrderForm accounts={accounts.data ?? []} onPlaced={reload} />
      <Panel
        title="Orders"
        area="orders"
        pastSince={current ? null : answeredAt}
        aside={<span className="cell--soft">{open === 0 ? 'none open' : `${open} open`}</span>}
      >
        {data === null || data.length === 0 ? (
          <Note kind={loading ? 'loading' : data === null ? 'error' : 'empty'}>
            {loading ? 'Loading orders.' : data === null ? error : 'No orders yet.'}
          </Note>
        ) : (
          <Table orders={data} named={(accounts.data?.length ?? 0) > 1} onAct={setAct} />
        )}
      </Panel>
      {act?.kind === 'modify' && <ModifyDialog order={act.order} onClose={close} onChanged={reload} />}
      {act?.kind === 'cancel' && <CancelDialog order={act.order} onClose={close} onChanged={reload} />}
    </div>
  );
}

interface TableProps {
  orders: readonly Order[];
  /** Whether the account is told: there is more than one. */
  named: boolean;
  onAct: (act: Act) => void;
}

function Table({ orders, named, onAct }: TableProps) {
  const triggered = orders.some(({ triggerPrice }) => triggerPrice !== null);
  return (
    <table className="table table--plain">
      <thead>
        <tr>
          <th className="cell--text">Time</th>
          <th className="cell--text">Symbol</th>
          <th className="cell--text">Side</th>
          <th className="cell--text cell--wide">Type</th>
          <th>Quantity</th>
          <th className="cell--wide">Limit</th>
          {triggered && <th className="cell--wide">Trigger</th>}
          <th className="cell--wide">Filled</th>
          <th className="cell--wide">Average</th>
          <th className="cell--text">State</th>
          <th aria-label="Actions" />
          <th className="cell--text cell--wide">By</th>
          {named && <th className="cell--text cell--wide">Account</th>}
          <th className="cell--text cell--wide">Reason</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.id}>
            <td className="cell--text cell--soft">{formatTime(order.createdAt)}</td>
            <td className="cell--text">{order.symbol}</td>
            <td className={`cell--text side--${order.side}`}>{order.side}</td>
            <td className="cell--text cell--wide cell--soft">{order.type}</td>
            <td>{formatCount(order.quantity)}</td>
            <td className="cell--wide">
              <Price symbol={order.symbol} price={order.limitPrice} />
            </td>
            {triggered && (
              <td className="cell--wide">
                <Price symbol={order.symbol} price={order.triggerPrice} />
              </td>
            )}
            <td className="cell--wide">{formatCount(order.filledQuantity)}</td>
            <td className="cell--wide">
              <Price symbol={order.symbol} price={order.averagePrice} />
            </td>
            <td className="cell--text">
              <Badge tone={ORDER_TONES[order.status]} title={reasonOf(order)}>
                {order.status}
              </Badge>
            </td>
            <td>
              <span className="row-actions">
                {WORKING.has(order.status) && (
                  <button
                    type="button"
                    className="button button--small"
                    onClick={() => onAct({ kind: 'modify', order })}
                  >
                    Change
                  </button>
                )}
                {!OVER.has(order.status) && (
                  <button
                    type="button"
                    className="button button--small button--grave"
                    onClick={() => onAct({ kind: 'cancel', order })}
                  >
                    Cancel
                  </button>
                )}
              </span>
            </td>
            <td className="cell--text cell--wide cell--soft">{order.strategy}</td>
            {named && <td className="cell--text cell--wide cell--soft">{order.accountId}</td>}
            <td className="cell--text cell--wide cell--reason" title={reasonOf(order)}>
              {reasonOf(order)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function reasonOf({ rejection, heldReason }: Order): string {
  return rejection?.message ?? (heldReason === null ? '' : `held: ${heldReason}`);
}
