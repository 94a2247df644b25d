import type { StrategyStatus } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';
import { labelOf } from '../format/label';

interface ParametersFormProps {
  strategy: StrategyStatus;
  onChanged: () => void;
}

/** Parameters of a strategy; the orchestrator says what does not fit. */
export function ParametersForm({ strategy, onChanged }: ParametersFormProps) {
  const [edited, setEdited] = useState<Record<string, string>>({});
  const { busy, problem, messageFor, submit } = useSubmit();
  const changed = Object.keys(edited).length > 0;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    // An empty field goes as it is: the orchestrator says which one, and why.
    const parameters = Object.fromEntries(
      Object.entries(edited).map(([name, text]) => [name, text.trim() === '' ? null : Number(text)]),
    ) as Record<string, number>;
    if (
      !(await submit(() =>
        send('PATCH /api/v1/strategies/:id', { params: { id: strategy.id }, body: { parameters } }),
      ))
    )
      return;
    setEdited({});
    onChanged();
  };

  return (
    <form className="settings" onSubmit={(event) => void save(event)} noValidate>
      <h3>Parameters</h3>
      <div className="settings__fields">
        {Object.entries(strategy.parameters).map(([name, value]) => (
          <Field key={name} label={labelOf(name)} message={messageFor(`parameters.${name}`)}>
            <input
              inputMode="decimal"
              value={edited[name] ?? String(value)}
              onChange={(event) => setEdited({ ...edited, [name]: event.target.value })}
            />
          </Field>
        ))}
      </div>
      <Refusal problem={problem} />
      <div className="settings__actions">
        <button
          type="button"
          className="button button--quiet"
          disabled={!changed}
          onClick={() => setEdited({})}
        >
          Undo
        </button>
        <button type="submit" className="button button--primary" disabled={busy || !changed}>
          Save parameters
        </button>
      </div>
    </form>
  );
}
