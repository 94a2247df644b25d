import type { ExitSettingsChange, ExitSettings, StrategyStatus } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { useSubmit } from '../live/use-submit';
import { Field } from '../parts/field';
import { Refusal } from '../parts/refusal';
import { exitsOf, textOf, type ExitsText, type LevelText } from './exits-text';

const KINDS: Record<LevelText['kind'], string> = {
  signal: "the signal's own",
  none: 'none',
  percent: 'percent',
  atr: 'average true ranges',
};

const LEVELS = [
  ['stopLoss', 'Stop-loss', ['signal', 'percent', 'atr']],
  ['target', 'Target', ['signal', 'percent', 'atr', 'none']],
  ['trailingStop', 'Trailing stop', ['none', 'percent', 'atr']],
] as const;

interface ExitsFormProps {
  strategy: StrategyStatus;
  onChanged: () => void;
}

/** How the platform ends a strategy's positions, and when it lets it enter again. */
export function ExitsForm({ strategy, onChanged }: ExitsFormProps) {
  const [edited, setEdited] = useState<ExitsText | null>(null);
  const { busy, problem, messageFor, submit } = useSubmit();
  const text = edited ?? textOf(strategy.exits);
  const edit = (change: Partial<ExitsText>) => setEdited({ ...text, ...change });
  const refused = (name: keyof ExitSettings) =>
    messageFor(`exits.${name}`) ??
    messageFor(`exits.${name}.percent`) ??
    messageFor(`exits.${name}.multiple`);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    // What makes no sense goes as it is: the orchestrator says which field, and why.
    const exits = exitsOf(text) as ExitSettingsChange;
    if (
      !(await submit(() =>
        send('PATCH /api/v1/strategies/:id', { params: { id: strategy.id }, body: { exits } }),
      ))
    )
      return;
    setEdited(null);
    onChanged();
  };

  return (
    <form className="settings" onSubmit={(event) => void save(event)} noValidate>
      <h3>Exits, handled by the platform</h3>
      <div className="settings__fields">
        {LEVELS.map(([name, label, kinds]) => (
          <Field key={name} label={label} message={refused(name)}>
            <span className="settings__level">
              <select
                value={text[name].kind}
                onChange={(event) =>
                  edit({ [name]: { ...text[name], kind: event.target.value as LevelText['kind'] } })
                }
              >
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {KINDS[kind]}
                  </option>
                ))}
              </select>
              {(text[name].kind === 'percent' || text[name].kind === 'atr') && (
                <input
                  inputMode="decimal"
                  aria-label={`${label}: ${KINDS[text[name].kind]}`}
                  value={text[name].figure}
                  onChange={(event) => edit({ [name]: { ...text[name], figure: event.target.value } })}
                />
              )}
            </span>
          </Field>
        ))}
        <Field label="Square-off at" hint="Market's clock; empty: its own" message={refused('squareOffAt')}>
          <input
            placeholder="HH:MM"
            value={text.squareOffAt}
            onChange={(event) => edit({ squareOffAt: event.target.value })}
          />
        </Field>
        <Field label="Pause after an exit" hint="Minutes" message={refused('cooldownMinutes')}>
          <input
            inputMode="decimal"
            value={text.cooldownMinutes}
            onChange={(event) => edit({ cooldownMinutes: event.target.value })}
          />
        </Field>
        <Field
          label="Re-entries a day"
          hint="Per symbol; empty: no bound"
          message={refused('maxReentriesPerDay')}
        >
          <input
            inputMode="numeric"
            value={text.maxReentriesPerDay}
            onChange={(event) => edit({ maxReentriesPerDay: event.target.value })}
          />
        </Field>
      </div>
      <Refusal problem={problem} />
      <div className="settings__actions">
        <button
          type="button"
          className="button button--quiet"
          disabled={edited === null}
          onClick={() => setEdited(null)}
        >
          Undo
        </button>
        <button type="submit" className="button button--primary" disabled={busy || edited === null}>
          Save exits
        </button>
      </div>
    </form>
  );
}
