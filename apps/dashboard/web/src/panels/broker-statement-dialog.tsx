import type { BrokerRow } from '@tickbridge/contracts';
import { formatTime } from '../format/time';
import { usePolled } from '../live/use-polled';
import { Dialog } from '../parts/dialog';
import { Note } from '../parts/note';

/** The broker counts calls. */
const READ_EVERY_MS = 15_000;

interface BrokerStatementDialogProps {
  accountId: string;
  onClose: () => void;
}

/** What the broker shows of the customer, in the broker's own words. */
export function BrokerStatementDialog({ accountId, onClose }: BrokerStatementDialogProps) {
  const { data, error, current } = usePolled(
    'GET /api/v1/accounts/:id/statement',
    { params: { id: accountId } },
    READ_EVERY_MS,
  );
  return (
    <Dialog title={`${accountId} at its broker`} size="wide" onClose={onClose}>
      <p className="dialog__effect">
        In the broker’s own words, trades made elsewhere included.
        {data !== null && ` Read at ${formatTime(data.readAt)} IST.`}
      </p>
      {data === null ? (
        <Note kind={error === null ? 'loading' : 'error'}>{error ?? 'Asking the broker.'}</Note>
      ) : (
        <>
          {!current && error !== null && <Note kind="error">{`Not read again since: ${error}`}</Note>}
          <Page title="Positions" rows={data.positions} none="Nothing was traded today." />
          <Page title="Holdings" rows={data.holdings} none="Nothing is held." />
          <Page title="Limits" rows={data.limits} none="The broker names no limits." />
        </>
      )}
      <div className="dialog__actions">
        <button type="button" className="button" onClick={onClose} autoFocus>
          Close
        </button>
      </div>
    </Dialog>
  );
}

interface PageProps {
  title: string;
  rows: readonly BrokerRow[];
  none: string;
}

function Page({ title, rows, none }: PageProps) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <section className="statement">
      <h3>{title}</h3>
      {columns.length === 0 ? (
        <Note kind="empty">{none}</Note>
      ) : (
        // The broker decides how wide it is.
        <div className="statement__rows" tabIndex={0} role="region" aria-label={title}>
          <table className="table table--plain">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} className="cell--text">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                // The rows have no key of their own, and come anew each time.
                <tr key={at}>
                  {columns.map((column) => (
                    <td key={column} className="cell--text">
                      {String(row[column] ?? '')}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
