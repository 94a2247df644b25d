import type { TradingState } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { formatTime } from '../format/time';
import { send } from '../live/api';
import { Badge, type Tone } from '../parts/badge';
import { Dialog } from '../parts/dialog';
import { whyNot, type LadderCommand } from './ladder-steps';

interface Step {
  command: LadderCommand;
  label: string;
  effect: string;
  grave: boolean;
}

const STEPS: readonly Step[] = [
  { command: 'start', label: 'Start', effect: 'Strategies run and may send orders.', grave: false },
  {
    command: 'stop',
    label: 'Stop',
    effect: 'Strategies fall silent. Positions stay as they are.',
    grave: false,
  },
  {
    command: 'reduce',
    label: 'Reduce',
    effect: 'Only orders that make positions smaller pass.',
    grave: false,
  },
  {
    command: 'halt',
    label: 'Halt',
    effect: 'No new order passes. Working orders can be cancelled.',
    grave: true,
  },
  {
    command: 'flatten',
    label: 'Flatten',
    effect: 'Cancels all orders, closes all positions, then halts.',
    grave: true,
  },
  {
    command: 'reset',
    label: 'Reset',
    effect: 'Back to ACTIVE, after a person has looked into it.',
    grave: false,
  },
];

const MODE_TONES: Record<TradingState['mode'], Tone> = {
  ACTIVE: 'good',
  REDUCING: 'warn',
  HALTED: 'bad',
  FLATTEN: 'bad',
};

interface KillLadderProps {
  /** `null` while the orchestrator does not answer. */
  state: TradingState | null;
  onChanged: () => void;
}

/** State of trading and the steps that change it; each asks for a reason, which is kept. */
export function KillLadder({ state, onChanged }: KillLadderProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className="kill-ladder">
      <button
        type="button"
        className="button kill-ladder__state"
        onClick={() => setOpen(true)}
        title={
          state === null
            ? 'The orchestrator does not answer'
            : `${state.reason} (${state.changedBy}, ${formatTime(state.changedAt)})`
        }
      >
        <span className="kill-ladder__label">Trading</span>
        {state === null ? (
          <Badge>unknown</Badge>
        ) : (
          <Badge tone={state.running ? MODE_TONES[state.mode] : 'warn'}>
            {state.running ? state.mode : 'STOPPED'}
          </Badge>
        )}
      </button>
      {open && <LadderDialog state={state} onChanged={onChanged} onClose={() => setOpen(false)} />}
    </div>
  );
}

function LadderDialog({ state, onChanged, onClose }: KillLadderProps & { onClose: () => void }) {
  const [step, setStep] = useState<Step | null>(null);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (step === null) return;
    setBusy(true);
    setProblem(null);
    try {
      await send('POST /api/v1/trading/:command', {
        params: { command: step.command },
        body: { reason: reason.trim() },
      });
      onChanged();
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Trading" onClose={onClose}>
      <p className="dialog__lead">
        {state === null
          ? 'The orchestrator does not answer, so the state is not known.'
          : `${state.mode}${state.running ? '' : ', stopped'} since ${formatTime(state.changedAt)} IST by ${state.changedBy}: ${state.reason}`}
      </p>
      <div className="ladder" role="group" aria-label="Steps">
        {STEPS.map((option) => (
          <button
            key={option.command}
            type="button"
            className={`button ${option.grave ? 'button--grave' : ''}`}
            aria-pressed={step?.command === option.command}
            disabled={whyNot(option.command, state) !== null}
            title={whyNot(option.command, state) ?? option.effect}
            onClick={() => setStep(option)}
          >
            {option.label}
          </button>
        ))}
      </div>
      {step !== null && (
        <form onSubmit={(event) => void submit(event)}>
          <p className="dialog__effect">{step.effect}</p>
          <label className="field">
            <span>Reason, kept in the audit trail</span>
            <input
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              maxLength={500}
              required
              autoFocus
            />
          </label>
          {problem !== null && (
            <p className="note note--error" role="alert">
              {problem}
            </p>
          )}
          <div className="dialog__actions">
            <button type="button" className="button button--quiet" onClick={onClose}>
              Cancel
            </button>
            <button
              type="submit"
              className={`button ${step.grave ? 'button--grave-solid' : 'button--primary'}`}
              disabled={busy || reason.trim() === ''}
            >
              {step.label} trading
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
