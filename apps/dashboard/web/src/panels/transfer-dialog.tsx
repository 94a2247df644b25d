import type { Portfolio, TransferKind } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatMoney } from '../format/numbers';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';

const KINDS: readonly (readonly [TransferKind, string])[] = [
  ['deposit', 'Deposit'],
  ['withdrawal', 'Withdrawal'],
];

interface TransferDialogProps {
  portfolio: Pick<Portfolio, 'accountId' | 'currency' | 'cash'>;
  onClose: () => void;
  onBooked: () => void;
}

/** Books money that was paid in or taken out; an answer that was lost books it once. */
export function TransferDialog({ portfolio, onClose, onBooked }: TransferDialogProps) {
  const { accountId, currency, cash } = portfolio;
  const { busy, problem, messageFor, submit } = useSubmit();
  const [kind, setKind] = useState<TransferKind>('deposit');
  const [text, setText] = useState({ amount: '', day: '', reason: '' });
  const [requestId, setRequestId] = useState(() => crypto.randomUUID());

  /** Something else is asked for: it is another transfer. */
  const edit = (change: Partial<typeof text>) => {
    setText({ ...text, ...change });
    setRequestId(crypto.randomUUID());
  };

  const book = async (event: FormEvent) => {
    event.preventDefault();
    const body = {
      requestId,
      kind,
      amount: text.amount.trim(),
      reason: text.reason.trim(),
      ...(text.day !== '' && { day: text.day }),
    };
    const done = await submit(() =>
      send('POST /api/v1/accounts/:id/transfers', { params: { id: accountId }, body }),
    );
    if (!done) return;
    onBooked();
    onClose();
  };

  return (
    <Dialog title="Deposit or withdrawal" onClose={onClose}>
      <form className="settings" onSubmit={(event) => void book(event)} noValidate>
        <p className="dialog__lead">
          {accountId} has {formatMoney(cash)} {currency} in cash. This books what happened to the money; it
          moves none.
        </p>
        <div className="segments segments--wide" role="group" aria-label="Kind">
          {KINDS.map(([one, title]) => (
            <button
              key={one}
              type="button"
              aria-pressed={kind === one}
              onClick={() => {
                setKind(one);
                setRequestId(crypto.randomUUID());
              }}
            >
              {title}
            </button>
          ))}
        </div>
        <Field label={`Amount (${currency})`} message={messageFor('amount')}>
          <input
            inputMode="decimal"
            value={text.amount}
            autoFocus
            onChange={(event) => edit({ amount: event.target.value })}
          />
        </Field>
        <Field label="Trading day, today when empty" message={messageFor('day')}>
          <input type="date" value={text.day} onChange={(event) => edit({ day: event.target.value })} />
        </Field>
        <Field label="Reason, kept in the audit trail" message={messageFor('reason')}>
          <input
            value={text.reason}
            maxLength={500}
            onChange={(event) => edit({ reason: event.target.value })}
          />
        </Field>
        <Refusal problem={problem} />
        <div className="dialog__actions">
          <button type="button" className="button button--quiet" onClick={onClose}>
            Close
          </button>
          <button
            type="submit"
            className="button button--primary"
            disabled={busy || text.amount.trim() === '' || text.reason.trim() === ''}
          >
            Book it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
