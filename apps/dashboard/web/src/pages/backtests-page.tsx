import type { BacktestRun } from '@tickbridge/contracts';
import { useState } from 'react';
import { formatDateTime } from '../format/time';
import { usePolled } from '../live/use-polled';
import { BacktestForm } from '../panels/backtest-form';
import { BacktestView } from '../panels/backtest-view';
import { Badge, type Tone } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';

export const RUN_TONES: Record<BacktestRun['status'], Tone> = {
  queued: 'plain',
  running: 'info',
  completed: 'good',
  failed: 'bad',
  cancelled: 'plain',
  interrupted: 'warn',
};

/** Backtests: start one, follow it, read what came of it. */
export function BacktestsPage() {
  const { data, error, loading, current, answeredAt, reload } = usePolled(
    'GET /api/v1/backtests',
    { query: { limit: 30 } },
    2_000,
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const selected = data?.find(({ id }) => id === chosen) ?? data?.[0] ?? null;
  return (
    <div className="sheet__aside">
      <div className="sheet__stack">
        <BacktestForm
          onStarted={(id) => {
            setChosen(id);
            reload();
          }}
        />
        <Panel title="Runs" area="runs" pastSince={current ? null : answeredAt}>
          {data === null || data.length === 0 ? (
            <Note kind={loading ? 'loading' : data === null ? 'error' : 'empty'}>
              {loading ? 'Loading.' : data === null ? error : 'No backtest was started yet.'}
            </Note>
          ) : (
            <ul className="runs">
              {data.map((run) => (
                <li key={run.id}>
                  <button
                    type="button"
                    aria-current={run.id === selected?.id ? 'true' : undefined}
                    onClick={() => setChosen(run.id)}
                  >
                    <span>{run.request.strategies.map(({ id }) => id).join(', ')}</span>
                    <span className="cell--soft">{formatDateTime(run.createdAt)}</span>
                    <Badge tone={RUN_TONES[run.status]}>
                      {run.status === 'running' ? `${Math.round(run.progressPercent)}%` : run.status}
                    </Badge>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
      {selected === null ? (
        <Panel title="Result" area="result">
          <Note kind="empty">Start a backtest: its figures and its curve stand here.</Note>
        </Panel>
      ) : (
        <BacktestView key={selected.id} run={selected} onChanged={reload} />
      )}
    </div>
  );
}
