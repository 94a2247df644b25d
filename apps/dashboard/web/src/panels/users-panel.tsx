import type { UserChange, CreatedUser, Role } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatDateTime } from '../format/time';
import { send } from '../live/api';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { Badge } from '../parts/badge';
import { Field } from '../parts/field';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';
import { ShownOnce } from '../parts/shown-once';

const ROLE_NAMES: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: sees'],
  ['trader', 'trader: trades'],
  ['admin', 'admin: decides'],
];

/** Users: their roles, whether they may sign in, and new ones. */
export function UsersPanel() {
  const { data, error, loading, reload } = usePolled('GET /api/v1/users', {}, 10_000);
  const { busy, problem, submit } = useSubmit();
  const change = (id: string, body: UserChange) =>
    void submit(() => send('PATCH /api/v1/users/:id', { params: { id }, body })).then(
      (done) => done && reload(),
    );
  return (
    <Panel title="Users" area="wide">
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{error ?? 'Loading the users.'}</Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">Name</th>
              <th className="cell--text">Role</th>
              <th className="cell--text">State</th>
              <th className="cell--text cell--wide">Signs in with</th>
              <th className="cell--text cell--wide">Since</th>
              <th aria-label="Acts" />
            </tr>
          </thead>
          <tbody>
            {data.map((user) => (
              <tr key={user.id}>
                <td className="cell--text">{user.name}</td>
                <td className="cell--text">
                  <span className="field field--inline">
                    <select
                      aria-label={`Role of ${user.name}`}
                      value={user.role}
                      disabled={busy}
                      onChange={(event) => change(user.id, { role: event.target.value as Role })}
                    >
                      {ROLE_NAMES.map(([role]) => (
                        <option key={role}>{role}</option>
                      ))}
                    </select>
                  </span>
                </td>
                <td className="cell--text">
                  <Badge tone={user.enabled ? 'good' : 'bad'}>{user.enabled ? 'enabled' : 'disabled'}</Badge>
                </td>
                <td className="cell--text cell--wide cell--soft">
                  {user.secondFactor ? 'password and code' : 'password'}
                </td>
                <td className="cell--text cell--wide cell--soft">{formatDateTime(user.createdAt)}</td>
                <td>
                  <button
                    type="button"
                    className={`button button--small ${user.enabled ? 'button--grave' : ''}`}
                    disabled={busy}
                    onClick={() => change(user.id, { enabled: !user.enabled })}
                  >
                    {user.enabled ? 'Disable' : 'Enable'}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Refusal problem={problem} />
      <NewUser onMade={reload} />
    </Panel>
  );
}

function NewUser({ onMade }: { onMade: () => void }) {
  const { busy, problem, messageFor, submit } = useSubmit();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [made, setMade] = useState<CreatedUser | null>(null);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const done = await submit(async () =>
      setMade(await send('POST /api/v1/users', { body: { name, role } })),
    );
    if (!done) return;
    setName('');
    onMade();
  };
  return (
    <form className="row-form" onSubmit={(event) => void make(event)} noValidate>
      <Field label="New user" message={messageFor('name')}>
        <input value={name} autoComplete="off" onChange={(event) => setName(event.target.value.trim())} />
      </Field>
      <Field label="Role">
        <select value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {ROLE_NAMES.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </Field>
      <button type="submit" className="button button--primary" disabled={busy || name === ''}>
        Add
      </button>
      <Refusal problem={problem} />
      {made?.password !== undefined && <ShownOnce what={`Password of ${made.name}`} secret={made.password} />}
    </form>
  );
}
