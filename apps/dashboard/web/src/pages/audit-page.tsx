import type { AuditEntry, AuditVerification } from '@tickbridge/contracts';
import { useState } from 'react';
import { formatDateTime } from '../format/time';
import { addressOf } from '../live/address';
import { read } from '../live/api';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { Badge } from '../parts/badge';
import { Field } from '../parts/field';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';

/** Who did what, newest first; each row bound to the one before. */
export function AuditPage() {
  const [filter, setFilter] = useState({ actor: '', action: '' });
  const [before, setBefore] = useState<number | null>(null);
  // An empty field asks for everybody, or for every act.
  const query = { actor: filter.actor || undefined, action: filter.action || undefined };
  const exported = (format: 'csv' | 'ndjson') =>
    addressOf('GET /api/v1/audit/export', { query: { ...query, format } }).path;
  const { data, error, loading } = usePolled(
    'GET /api/v1/audit',
    { query: { ...query, limit: 100, before: before ?? undefined } },
    before === null ? 5_000 : 60_000,
  );
  const narrow = (change: Partial<typeof filter>) => {
    setFilter({ ...filter, ...change });
    setBefore(null);
  };
  return (
    <Panel title="Audit log" area="wide" aside={<Verification />}>
      <div className="row-form">
        <Field label="Who">
          <input value={filter.actor} onChange={(event) => narrow({ actor: event.target.value.trim() })} />
        </Field>
        <Field label="Act">
          <input
            value={filter.action}
            placeholder="sign-in"
            onChange={(event) => narrow({ action: event.target.value.trim() })}
          />
        </Field>
        <a className="button" href={exported('csv')} download>
          Export CSV
        </a>
        <a className="button" href={exported('ndjson')} download>
          Export NDJSON
        </a>
      </div>
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{error ?? 'Loading the audit log.'}</Note>
      ) : data.entries.length === 0 ? (
        <Note kind="empty">Nothing of the kind has happened.</Note>
      ) : (
        <Entries entries={data.entries} />
      )}
      <div className="settings__actions audit__turn">
        {before !== null && (
          <button type="button" className="button" onClick={() => setBefore(null)}>
            Newest
          </button>
        )}
        {data !== null && data.nextBefore !== null && (
          <button type="button" className="button" onClick={() => setBefore(data.nextBefore)}>
            Older
          </button>
        )}
      </div>
    </Panel>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <table className="table table--plain">
      <thead>
        <tr>
          <th className="cell--wide">No.</th>
          <th className="cell--text">Time</th>
          <th className="cell--text">Who</th>
          <th className="cell--text">Act</th>
          <th className="cell--text cell--wide">On</th>
          <th className="cell--text">Outcome</th>
          <th className="cell--text cell--wide">From</th>
          <th className="cell--text cell--wide">Detail</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.sequence}>
            <td className="cell--wide cell--soft">{entry.sequence}</td>
            <td className="cell--text cell--soft" title={entry.at}>
              {formatDateTime(entry.at)}
            </td>
            <td className="cell--text">{entry.actor}</td>
            <td className="cell--text">{entry.action}</td>
            <td className="cell--text cell--wide">{entry.target ?? ''}</td>
            <td className="cell--text">
              <Badge tone={entry.outcome === 'ok' ? 'good' : 'warn'}>{entry.outcome}</Badge>
            </td>
            <td className="cell--text cell--wide cell--soft">{entry.address ?? ''}</td>
            <td className="cell--text cell--wide cell--reason" title={JSON.stringify(entry.detail)}>
              {detailOf(entry)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Follows the whole chain when asked to. */
function Verification() {
  const { busy, problem, submit } = useSubmit();
  const [result, setResult] = useState<AuditVerification | null>(null);
  const verify = () => submit(async () => setResult(await read('GET /api/v1/audit/verification', {})));
  return (
    <span className="panel__tools">
      {result !== null && (
        <Badge tone={result.intact ? 'good' : 'bad'} title={result.newest?.hash}>
          {result.intact ? `${result.rows} rows, unbroken` : `broken at row ${result.brokenAt ?? '?'}`}
        </Badge>
      )}
      <Refusal problem={problem} />
      <button type="button" className="button button--small" disabled={busy} onClick={() => void verify()}>
        Verify
      </button>
    </span>
  );
}

function detailOf({ detail }: AuditEntry): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
