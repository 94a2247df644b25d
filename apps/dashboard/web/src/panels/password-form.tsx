import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Field } from '../parts/field';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';

const EMPTY = { current: '', next: '', again: '' };

/** Changes the own password; every other session ends. */
export function PasswordForm() {
  const { busy, problem, messageFor, submit } = useSubmit();
  const [text, setText] = useState(EMPTY);
  const [changed, setChanged] = useState(false);
  const differs = text.again !== '' && text.again !== text.next;

  const change = async (event: FormEvent) => {
    event.preventDefault();
    const { current, next } = text;
    const done = await submit(() => send('POST /api/v1/auth/password', { body: { current, next } }));
    setChanged(done);
    if (done) setText(EMPTY);
  };

  const input = (name: keyof typeof EMPTY, autoComplete: string) => (
    <input
      type="password"
      autoComplete={autoComplete}
      value={text[name]}
      onChange={(event) => setText({ ...text, [name]: event.target.value })}
    />
  );

  return (
    <Panel title="Password" area="wide">
      <form className="settings" onSubmit={(event) => void change(event)} noValidate>
        <Field label="Present password" message={messageFor('current')}>
          {input('current', 'current-password')}
        </Field>
        <Field label="New password" hint="at least 12 characters" message={messageFor('next')}>
          {input('next', 'new-password')}
        </Field>
        <Field label="New password again" message={differs ? 'is not the same' : undefined}>
          {input('again', 'new-password')}
        </Field>
        <Refusal problem={problem} />
        {changed && (
          <p className="placed" role="status">
            Changed. All other sessions have ended.
          </p>
        )}
        <div className="settings__actions">
          <button
            type="submit"
            className="button button--primary"
            disabled={busy || text.current === '' || text.next === '' || text.next !== text.again}
          >
            Change password
          </button>
        </div>
      </form>
    </Panel>
  );
}
