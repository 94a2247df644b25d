import type { Account } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';

interface ArmDialogProps {
  account: Account;
  onDone: () => void;
  onClose: () => void;
}

/** Lets an account's orders reach its broker, or keeps them from it. */
export function ArmDialog({ account: { id, broker, armed }, onDone, onClose }: ArmDialogProps) {
  const { busy, problem, submit } = useSubmit();
  const [reason, setReason] = useState('');
  const verb = armed ? 'Disarm' : 'Arm';

  const change = async (event: FormEvent) => {
    event.preventDefault();
    const body = { armed: !armed, reason: reason.trim() };
    const done = await submit(() => send('PATCH /api/v1/accounts/:id', { params: { id }, body }));
    if (!done) return;
    onDone();
    onClose();
  };

  return (
    <Dialog title={`${verb} ${id}`} onClose={onClose}>
      <form onSubmit={(event) => void change(event)}>
        <p className="dialog__effect">
          {armed
            ? `Nothing more of this account is sent to ${broker}.`
            : `Orders of this account are sent to ${broker}: with real money.`}
        </p>
        <Field label="Reason, kept in the audit trail">
          <input
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
            required
            autoFocus
          />
        </Field>
        <Refusal problem={problem} />
        <div className="dialog__actions">
          <button type="button" className="button button--quiet" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className={`button ${armed ? 'button--primary' : 'button--grave-solid'}`}
            disabled={busy || reason.trim() === ''}
          >
            {verb} it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
