import type { ApiKeySummary, CreatedApiKey, Scope } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatDateTime } from '../format/time';
import { send } from '../live/api';
import { useServerTime } from '../live/use-live';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { Badge, type Tone } from '../parts/badge';
import { Field } from '../parts/field';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';
import { ShownOnce } from '../parts/shown-once';

/** Keys of scripts: what each may do, until when, and when it was used. */
export function KeysPanel() {
  const { data, error, loading, reload } = usePolled('GET /api/v1/keys', {}, 10_000);
  const { busy, problem, submit } = useSubmit();
  const now = useServerTime();
  const revoke = (id: string) =>
    void submit(() => send('DELETE /api/v1/keys/:id', { params: { id } })).then((done) => done && reload());
  return (
    <Panel title="API keys" area="wide">
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{error ?? 'Loading the keys.'}</Note>
      ) : data.length === 0 ? (
        <Note kind="empty">No script has a key of its own yet.</Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">Name</th>
              <th className="cell--text">Scope</th>
              <th className="cell--text">State</th>
              <th className="cell--text cell--wide">Until</th>
              <th className="cell--text cell--wide">Last used</th>
              <th className="cell--text cell--wide">Made by</th>
              <th aria-label="Acts" />
            </tr>
          </thead>
          <tbody>
            {data.map((key) => {
              const [state, tone] = stateOf(key, now);
              return (
                <tr key={key.id}>
                  <td className="cell--text">{key.name}</td>
                  <td className="cell--text">{key.scope}</td>
                  <td className="cell--text">
                    <Badge tone={tone}>{state}</Badge>
                  </td>
                  <td className="cell--text cell--wide">{formatDateTime(key.expiresAt)}</td>
                  <td className="cell--text cell--wide cell--soft">
                    {key.lastUsedAt === null ? 'never' : formatDateTime(key.lastUsedAt)}
                  </td>
                  <td className="cell--text cell--wide cell--soft">{key.createdBy}</td>
                  <td>
                    {key.revokedAt === null && (
                      <button
                        type="button"
                        className="button button--small button--grave"
                        disabled={busy}
                        onClick={() => revoke(key.id)}
                      >
                        Revoke
                      </button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <Refusal problem={problem} />
      <NewKey onMade={reload} />
    </Panel>
  );
}

function stateOf({ revokedAt, expiresAt }: ApiKeySummary, now: number): [string, Tone] {
  if (revokedAt !== null) return ['revoked', 'bad'];
  return Date.parse(expiresAt) <= now ? ['expired', 'warn'] : ['valid', 'good'];
}

function NewKey({ onMade }: { onMade: () => void }) {
  const { busy, problem, messageFor, submit } = useSubmit();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const [days, setDays] = useState('90');
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const body = { name, scope, expiresInDays: Number(days) };
    const done = await submit(async () => setMade(await send('POST /api/v1/keys', { body })));
    if (!done) return;
    setName('');
    onMade();
  };
  return (
    <form className="row-form" onSubmit={(event) => void make(event)} noValidate>
      <Field label="New key" message={messageFor('name')}>
        <input value={name} autoComplete="off" onChange={(event) => setName(event.target.value.trim())} />
      </Field>
      <Field label="Scope">
        <select value={scope} onChange={(event) => setScope(event.target.value as Scope)}>
          <option value="read">read</option>
          <option value="trade">trade</option>
          <option value="admin">admin</option>
        </select>
      </Field>
      <Field label="Days" message={messageFor('expiresInDays')}>
        <input inputMode="numeric" value={days} onChange={(event) => setDays(event.target.value)} />
      </Field>
      <button type="submit" className="button button--primary" disabled={busy || name === ''}>
        Make
      </button>
      <Refusal problem={problem} />
      {made !== null && <ShownOnce what={`Key ${made.name}`} secret={made.key} />}
    </form>
  );
}
