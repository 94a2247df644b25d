import type { Order } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatCount } from '../format/numbers';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';

interface CancelDialogProps {
  order: Order;
  onClose: () => void;
  onChanged: () => void;
}

/** Asks why, then cancels: possible in every trading state. */
export function CancelDialog({ order, onClose, onChanged }: CancelDialogProps) {
  const { busy, problem, messageFor, submit } = useSubmit();
  const [reason, setReason] = useState('');

  const cancel = async (event: FormEvent) => {
    event.preventDefault();
    const body = { reason: reason.trim() };
    if (!(await submit(() => send('POST /api/v1/orders/:id/cancel', { params: { id: order.id }, body }))))
      return;
    onChanged();
    onClose();
  };

  return (
    <Dialog title="Cancel an order" onClose={onClose}>
      <form onSubmit={(event) => void cancel(event)} noValidate>
        <p className="dialog__lead">
          {order.side} {formatCount(order.quantity)} {order.symbol}, {formatCount(order.filledQuantity)}{' '}
          filled.
        </p>
        <Field label="Reason, kept in the audit trail" message={messageFor('reason')}>
          <input
            value={reason}
            maxLength={500}
            autoFocus
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <Refusal problem={problem} />
        <div className="dialog__actions">
          <button type="button" className="button button--quiet" onClick={onClose}>
            Keep it
          </button>
          <button
            type="submit"
            className="button button--grave-solid"
            disabled={busy || reason.trim() === ''}
          >
            Cancel the order
          </button>
        </div>
      </form>
    </Dialog>
  );
}
