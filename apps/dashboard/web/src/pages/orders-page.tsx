import { MANUAL_STRATEGY, type Order, type Position } from '@tickbridge/contracts';
import { useState } from 'react';
import { formatCount, formatPrice } from '../format/numbers';
import { formatTime } from '../format/time';
import { usePolled } from '../live/use-polled';
import { CancelDialog } from '../panels/cancel-dialog';
import { ExitsDialog } from '../panels/exits-dialog';
import { ModifyDialog } from '../panels/modify-dialog';
import { inGroups, type ListedOrder } from '../panels/order-groups';
import { ORDER_TONES } from '../panels/orders-table';
import { OwnPositions } from '../panels/own-positions';
import { PlaceOrderForm } from '../panels/place-order-form';
import { Badge } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Price, usePriceDecimals } from '../parts/price';

/** States in which an order rests at the broker and can still be changed. */
const WORKING: ReadonlySet<Order['status']> = new Set(['Accepted', 'Triggered', 'PartiallyFilled']);
const OVER: ReadonlySet<Order['status']> = new Set(['Denied', 'Rejected', 'Canceled', 'Expired', 'Filled']);

type Act = { kind: 'modify' | 'cancel'; order: Order } | { kind: 'exits'; position: Position };

const LEGS: Readonly<Record<NonNullable<ListedOrder['leg']>, string>> = {
  stop: 'stop at the broker',
  exit: 'exit',
  order: 'same position',
};

/** Orders of people: place, change, cancel; what they hold with stop and target; and every order there is. */
export function OrdersPage() {
  const accounts = usePolled('GET /api/v1/accounts', {}, 30_000);
  const { data, error, loading, current, answeredAt, reload } = usePolled(
    'GET /api/v1/orders',
    { query: { limit: 200 } },
    2_000,
  );
  const positions = usePolled('GET /api/v1/positions', { query: {} }, 2_000);
  const own = positions.data?.filter(({ strategy }) => strategy === MANUAL_STRATEGY) ?? [];
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  const named = (accounts.data?.length ?? 0) > 1;
  const open = data?.filter(({ status }) => !OVER.has(status)).length ?? 0;
  return (
    <div className="sheet__aside">
      <PlaceOrderForm accounts={accounts.data ?? []} onPlaced={reload} />
      <div className="sheet__stack">
        <Panel title="Own positions" area="wide" pastSince={positions.current ? null : positions.answeredAt}>
          {own.length === 0 ? (
            <Note kind={positions.loading ? 'loading' : positions.data === null ? 'error' : 'empty'}>
              {positions.loading
                ? 'Loading positions.'
                : (positions.error ?? 'Nothing is held in your own name.')}
            </Note>
          ) : (
            <OwnPositions
              positions={own}
              named={named}
              onSetExits={(position) => setAct({ kind: 'exits', position })}
            />
          )}
        </Panel>
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
            <Table orders={data} named={named} onAct={setAct} />
          )}
        </Panel>
      </div>
      {act?.kind === 'exits' && (
        <ExitsDialog position={act.position} onClose={close} onChanged={positions.reload} />
      )}
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
        {inGroups(orders).map(({ order, leg }) => (
          <tr key={order.id} className={leg === null ? undefined : 'row--leg'}>
            <td className="cell--text cell--soft">{formatTime(order.createdAt)}</td>
            <td className="cell--text">
              {order.symbol}
              {leg !== null && <span className="cell__sub">{LEGS[leg]}</span>}
              <Exits order={order} />
            </td>
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

/** Stop and target that an entry brings along. */
function Exits({ order: { symbol, stopLoss, takeProfit } }: { order: Order }) {
  const decimals = usePriceDecimals(symbol);
  const shown = [
    stopLoss !== null && `stop ${formatPrice(stopLoss, decimals)}`,
    takeProfit !== null && `target ${formatPrice(takeProfit, decimals)}`,
  ].filter((one) => one !== false);
  return shown.length === 0 ? null : <span className="cell__sub">{shown.join(' · ')}</span>;
}
