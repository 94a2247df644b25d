import { type StrategyChange, type StrategyStatus, TIMEFRAMES } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';

interface EntriesFormProps {
  strategy: StrategyStatus;
  onChanged: () => void;
}

/** On which bars a strategy decides, and what an entry must be worth. */
export function EntriesForm({ strategy, onChanged }: EntriesFormProps) {
  const [edited, setEdited] = useState<StrategyChange>({});
  const [edge, setEdge] = useState<string | null>(null);
  const { busy, problem, messageFor, submit } = useSubmit();
  const changed = Object.keys(edited).length > 0 || edge !== null;
  const undo = () => {
    setEdited({});
    setEdge(null);
  };

  const save = async (event: FormEvent) => {
    event.preventDefault();
    // An empty field goes as it is: the orchestrator says which one, and why.
    const leastEdge = (edge?.trim() === '' ? null : Number(edge)) as number;
    const body = { ...edited, ...(edge !== null && { leastEdge }) };
    if (!(await submit(() => send('PATCH /api/v1/strategies/:id', { params: { id: strategy.id }, body }))))
      return;
    undo();
    onChanged();
  };

  return (
    <form className="settings" onSubmit={(event) => void save(event)} noValidate>
      <h3>Entries</h3>
      <div className="settings__fields">
        <Field label="Timeframe" hint="Length of its bars" message={messageFor('timeframe')}>
          <select
            value={edited.timeframe ?? strategy.timeframe}
            onChange={(event) => {
              const timeframe = TIMEFRAMES.find((one) => one === event.target.value);
              if (timeframe) setEdited({ ...edited, timeframe });
            }}
          >
            {TIMEFRAMES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </Field>
        <Field label="Least edge" hint="Expected move, in times its costs" message={messageFor('leastEdge')}>
          <input
            inputMode="decimal"
            value={edge ?? String(strategy.leastEdge)}
            onChange={(event) => setEdge(event.target.value)}
          />
        </Field>
      </div>
      <Refusal problem={problem} />
      <div className="settings__actions">
        <button type="button" className="button button--quiet" disabled={!changed} onClick={undo}>
          Undo
        </button>
        <button type="submit" className="button button--primary" disabled={busy || !changed}>
          Save entries
        </button>
      </div>
    </form>
  );
}
