import { useState, type ChangeEvent } from 'react';
import { labelOf } from '../format/label';
import { directionOf, formatMoney } from '../format/numbers';
import { formatDateTime } from '../format/time';
import { send } from '../live/api';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';

/** What contract notes stated beyond what was booked; an admin compares another one. */
export function ChargeDifferences({ account }: { account: string }) {
  const { data, error, loading, reload } = usePolled(
    'GET /api/v1/accounts/:id/charge-differences',
    { params: { id: account }, query: {} },
    30_000,
  );
  const user = usePolled('GET /api/v1/auth/me', {}, 60_000);
  return (
    <Panel
      title="Charges beside the notes"
      area="wide"
      aside={user.data?.role === 'admin' && <NoteInput account={account} onCompared={reload} />}
    >
      {data === null || data.length === 0 ? (
        <Note kind={loading ? 'loading' : data === null ? 'error' : 'empty'}>
          {loading
            ? 'Loading.'
            : data === null
              ? error
              : 'No contract note has stated anything else than what was booked.'}
        </Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">Day</th>
              <th className="cell--text">About</th>
              <th className="cell--text cell--wide">Difference</th>
              <th>Cash</th>
              <th className="cell--text cell--wide">Booked</th>
            </tr>
          </thead>
          <tbody>
            {data.map((row) => (
              <tr key={row.position}>
                <td className="cell--text">{row.day}</td>
                <td className="cell--text">
                  {row.orderId ?? [row.symbol ?? 'the whole day', row.side].filter(Boolean).join(' ')}
                </td>
                <td className="cell--text cell--wide">
                  {Object.entries(row.difference)
                    .map(
                      ([item, amount]) =>
                        `${labelOf(item.replaceAll('-', ' '))} ${formatMoney(amount, true)}`,
                    )
                    .join(', ')}
                </td>
                <td className={`change--${directionOf(Number(row.amount))}`}>
                  {formatMoney(row.amount, true)}
                </td>
                <td className="cell--text cell--wide cell--soft" title={row.reason}>
                  {row.recordedBy}, {formatDateTime(row.recordedAt)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function NoteInput({ account, onCompared }: { account: string; onCompared: () => void }) {
  const { busy, problem, submit } = useSubmit();
  const [said, setSaid] = useState<string | null>(null);
  const take = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (!file) return;
    setSaid(null);
    const csv = await file.text();
    // The same file may be chosen again.
    target.value = '';
    await submit(async () => {
      const { rows, amount } = await send('POST /api/v1/accounts/:id/contract-notes', {
        params: { id: account },
        body: { csv, reason: `contract note ${file.name}`.slice(0, 500) },
      });
      setSaid(`${rows.length} rows compared, cash ${formatMoney(amount, true)}`);
      onCompared();
    });
  };
  return (
    <span className="panel__tools">
      {said !== null && (
        <span className="cell--soft" role="status">
          {said}
        </span>
      )}
      <Refusal problem={problem} />
      <label className="button button--small">
        Compare a contract note
        <input
          type="file"
          accept=".csv,text/csv"
          className="visually-hidden"
          disabled={busy}
          onChange={(event) => void take(event)}
        />
      </label>
    </span>
  );
}
