import type { CurrentUser, SecondFactorSetup } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Badge } from '../parts/badge';
import { Field } from '../parts/field';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';

interface SecondFactorPanelProps {
  user: CurrentUser;
  onChanged: () => void;
}

/** Sets up the second factor or removes it. */
export function SecondFactorPanel({ user, onChanged }: SecondFactorPanelProps) {
  const { busy, problem, submit } = useSubmit();
  const [setup, setSetup] = useState<SecondFactorSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const on = user.secondFactor === 'on';

  const begin = () =>
    submit(async () => {
      setCodes(null);
      setSetup(await send('POST /api/v1/auth/second-factor', {}));
    });
  const remove = () =>
    submit(() => send('DELETE /api/v1/auth/second-factor', {})).then((done) => done && onChanged());

  return (
    <Panel
      title="Second factor"
      area="wide"
      aside={<Badge tone={on ? 'good' : 'warn'}>{on ? 'on' : 'off'}</Badge>}
    >
      <div className="settings">
        {setup !== null && (
          <Enable
            setup={setup}
            onEnabled={(recoveryCodes) => {
              setSetup(null);
              setCodes(recoveryCodes);
              onChanged();
            }}
          />
        )}
        {codes !== null && <RecoveryCodeList codes={codes} />}
        {setup === null && (
          <>
            <p className="second-factor__about">
              {on
                ? 'A code of your authenticator app is asked for at every sign-in.'
                : 'With a second factor a stolen password alone lets nobody in. Any authenticator app will do.'}
            </p>
            <Refusal problem={problem} />
            <div className="settings__actions">
              <button
                type="button"
                className={`button ${on ? 'button--grave' : 'button--primary'}`}
                disabled={busy}
                onClick={() => void (on ? remove() : begin())}
              >
                {on ? 'Remove it' : 'Set it up'}
              </button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

function Enable({ setup, onEnabled }: { setup: SecondFactorSetup; onEnabled: (codes: string[]) => void }) {
  const { busy, problem, submit } = useSubmit();
  const [code, setCode] = useState('');
  const enable = async (event: FormEvent) => {
    event.preventDefault();
    await submit(async () => {
      const { recoveryCodes } = await send('POST /api/v1/auth/second-factor/enable', { body: { code } });
      onEnabled(recoveryCodes);
    });
  };
  return (
    <form className="second-factor" onSubmit={(event) => void enable(event)}>
      <img className="second-factor__picture" src={setup.qrCode} alt="QR code for your authenticator app" />
      <div className="second-factor__steps">
        <p>Scan this with your authenticator app, or enter the key by hand:</p>
        <code className="second-factor__secret">{setup.secret}</code>
        <Field label="Then enter the code it shows">
          <input
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
            required
            autoFocus
          />
        </Field>
        <Refusal problem={problem} />
        <div className="settings__actions">
          <button type="submit" className="button button--primary" disabled={busy || code.trim().length < 6}>
            Switch it on
          </button>
        </div>
      </div>
    </form>
  );
}

function RecoveryCodeList({ codes }: { codes: readonly string[] }) {
  return (
    <div role="status">
      <p className="second-factor__about">
        It is on. Each of these codes gets you in once without the app. They are shown this once: keep them
        where your phone is not.
      </p>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
