import type { CurrentUser } from '@tickbridge/contracts';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { onConfirmationNeeded } from '../live/confirmation';
import { useSubmit } from '../live/use-submit';
import { Dialog } from '../parts/dialog';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';

/** Asks for a fresh proof of identity whenever an act needs one. */
export function ConfirmDialog({ user }: { user: CurrentUser | null }) {
  const [open, setOpen] = useState(false);
  const answer = useRef<(proved: boolean) => void>(() => undefined);

  useEffect(
    () =>
      onConfirmationNeeded(() => {
        setOpen(true);
        return new Promise((resolve) => (answer.current = resolve));
      }),
    [],
  );

  if (!open) return null;
  const end = (proved: boolean) => {
    setOpen(false);
    answer.current(proved);
  };
  return <Question withCode={user?.secondFactor === 'on'} onEnd={end} />;
}

function Question({ withCode, onEnd }: { withCode: boolean; onEnd: (proved: boolean) => void }) {
  const { busy, problem, submit } = useSubmit();
  const [byCode, setByCode] = useState(withCode);
  const [proof, setProof] = useState('');

  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    const done = await submit(() =>
      send('POST /api/v1/auth/confirm', { body: byCode ? { code: proof } : { password: proof } }),
    );
    if (done) onEnd(true);
    else setProof('');
  };

  return (
    <Dialog title="Is it you?" onClose={() => onEnd(false)}>
      <form onSubmit={(event) => void confirm(event)}>
        <p className="dialog__effect">
          This needs a fresh proof of who you are. It then counts for five minutes.
        </p>
        <Field label={byCode ? 'Code of your authenticator app' : 'Password'}>
          <input
            key={byCode ? 'code' : 'password'}
            type={byCode ? 'text' : 'password'}
            inputMode={byCode ? 'numeric' : 'text'}
            autoComplete={byCode ? 'one-time-code' : 'current-password'}
            value={proof}
            onChange={(event) => setProof(event.target.value)}
            required
            autoFocus
          />
        </Field>
        <Refusal problem={problem} />
        <div className="dialog__actions">
          {withCode && (
            <button type="button" className="button button--quiet" onClick={() => setByCode(!byCode)}>
              {byCode ? 'Use the password' : 'Use a code'}
            </button>
          )}
          <button type="button" className="button button--quiet" onClick={() => onEnd(false)}>
            Cancel
          </button>
          <button type="submit" className="button button--primary" disabled={busy || proof === ''}>
            Confirm
          </button>
        </div>
      </form>
    </Dialog>
  );
}
