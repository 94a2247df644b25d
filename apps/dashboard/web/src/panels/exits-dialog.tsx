import type { Position } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatCount, formatPrice } from '../format/numbers';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { usePriceDecimals } from '../parts/price';
import { Refusal } from '../parts/refusal';
import { ExitFields, exitsOf, exitText } from './exit-fields';

interface ExitsDialogProps {
  position: Position;
  onClose: () => void;
  onChanged: () => void;
}

/** Sets stop and target of what a person holds: one cancels the other. */
export function ExitsDialog({ position, onClose, onChanged }: ExitsDialogProps) {
  const { busy, problem, messageFor, submit } = useSubmit();
  const [text, setText] = useState(() => exitText(position));
  const [reason, setReason] = useState('');
  const decimals = usePriceDecimals(position.symbol);
  const exits = exitsOf(text);
  const { accountId, symbol, quantity, averagePrice, markPrice } = position;

  const set = async (event: FormEvent) => {
    event.preventDefault();
    if (exits === undefined) return;
    const body = { accountId, symbol, ...exits, reason: reason.trim() };
    if (!(await submit(() => send('PUT /api/v1/positions/exits', { body })))) return;
    onChanged();
    onClose();
  };

  return (
    <Dialog title="Stop and target" onClose={onClose}>
      <form onSubmit={(event) => void set(event)} noValidate>
        <p className="dialog__lead">
          {quantity > 0 ? 'Long' : 'Short'} {formatCount(Math.abs(quantity))} {symbol} at{' '}
          {formatPrice(averagePrice, decimals)}, last {formatPrice(markPrice, decimals)}. Whichever is reached
          first closes it.
        </p>
        <ExitFields
          text={text}
          messageFor={messageFor}
          onChange={(change) => setText({ ...text, ...change })}
        />
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
            Set stop and target
          </button>
        </div>
      </form>
    </Dialog>
  );
}
