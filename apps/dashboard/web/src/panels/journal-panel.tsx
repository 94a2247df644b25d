import type { JournalPart } from '@tickbridge/contracts';
import { useState } from 'react';
import { addressOf } from '../live/address';
import { Field } from '../parts/field';
import { Panel } from '../parts/panel';

const PARTS: Readonly<Record<JournalPart, string>> = {
  trades: 'Trades, with charges by item',
  lots: 'Closed lots, by tax category',
  cash: 'Deposits, withdrawals, corrections',
};

/** The books as a file, for a spreadsheet or an accountant. */
export function JournalPanel({ account }: { account: string }) {
  const [part, setPart] = useState<JournalPart>('trades');
  const [days, setDays] = useState({ from: '', to: '' });
  const query = { account, part, from: days.from || undefined, to: days.to || undefined };
  return (
    <Panel title="Journal" area="wide">
      <div className="row-form">
        <Field label="What">
          <select value={part} onChange={(event) => setPart(event.target.value as JournalPart)}>
            {Object.entries(PARTS).map(([one, title]) => (
              <option key={one} value={one}>
                {title}
              </option>
            ))}
          </select>
        </Field>
        <Field label="From trading day">
          <input
            type="date"
            value={days.from}
            onChange={(event) => setDays({ ...days, from: event.target.value })}
          />
        </Field>
        <Field label="To, inclusive">
          <input
            type="date"
            value={days.to}
            onChange={(event) => setDays({ ...days, to: event.target.value })}
          />
        </Field>
        <a className="button" href={addressOf('GET /api/v1/portfolio/journal', { query }).path} download>
          Download CSV
        </a>
      </div>
    </Panel>
  );
}
