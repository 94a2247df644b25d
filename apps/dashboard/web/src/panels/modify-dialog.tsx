import { MANUAL_STRATEGY, type Order } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatCount } from '../format/numbers';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';
import { ExitFields, exitsOf, exitText } from './exit-fields';

interface ModifyDialogProps {
  order: Order;
  onClose: () => void;
  onChanged: () => void;
}

/** Changes quantity or limit of an order that rests at the broker, stop and target of an entry of a person. */
export function ModifyDialog({ order, onClose, onChanged }: ModifyDialogProps) {
  const { busy, problem, messageFor, submit } = useSubmit();
  const [quantity, setQuantity] = useState(String(order.quantity));
  const [limitPrice, setLimitPrice] = useState(String(order.limitPrice ?? ''));
  const [text, setText] = useState(() => exitText(order));
  const [reason, setReason] = useState('');
  const exits = exitsOf(text);
  const hasExits = order.strategy === MANUAL_STRATEGY && !order.reduceOnly;

  const modify = async (event: FormEvent) => {
    event.preventDefault();
    if (exits === undefined) return;
    const body = {
      ...(Number(quantity) !== order.quantity && { quantity: Number(quantity) }),
      ...(order.limitPrice !== null &&
        Number(limitPrice) !== order.limitPrice && { limitPrice: Number(limitPrice) }),
      ...(exits.stopLoss !== order.stopLoss && { stopLoss: exits.stopLoss }),
      ...(exits.takeProfit !== order.takeProfit && { takeProfit: exits.takeProfit }),
      reason: reason.trim(),
    };
    if (!(await submit(() => send('PATCH /api/v1/orders/:id', { params: { id: order.id }, body })))) return;
    onChanged();
    onClose();
  };

  return (
    <Dialog title="Change an order" onClose={onClose}>
      <form onSubmit={(event) => void modify(event)} noValidate>
        <p className="dialog__lead">
          {order.side} {formatCount(order.quantity)} {order.symbol}, {formatCount(order.filledQuantity)}{' '}
          filled.
        </p>
        <div className="settings__fields">
          <Field label="Quantity" message={messageFor('quantity')}>
            <input
              inputMode="decimal"
              value={quantity}
              onChange={(event) => setQuantity(event.target.value)}
            />
          </Field>
          {order.limitPrice !== null && (
            <Field label="Limit price" message={messageFor('limitPrice')}>
              <input
                inputMode="decimal"
                value={limitPrice}
                onChange={(event) => setLimitPrice(event.target.value)}
              />
            </Field>
          )}
        </div>
        {hasExits && (
          <ExitFields
            text={text}
            messageFor={messageFor}
            onChange={(change) => setText({ ...text, ...change })}
          />
        )}
        <Field label="Reason, kept in the audit trail" message={messageFor('reason')}>
          <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Refusal problem={problem} />
        <div className="dialog__actions">
          <button type="button" className="button button--quiet" onClick={onClose}>
            Leave it
          </button>
          <button
            type="submit"
            className="button button--primary"
            disabled={busy || exits === undefined || reason.trim() === ''}
          >
            Change the order
          </button>
        </div>
      </form>
    </Dialog>
  );
}
