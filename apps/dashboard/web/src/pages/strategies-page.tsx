import type { StrategyChange, StrategyStatus } from '@tickbridge/contracts';
import { formatCount } from '../format/numbers';
import { formatTime } from '../format/time';
import { send } from '../live/api';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { EntriesForm } from '../panels/entries-form';
import { ExitsForm } from '../panels/exits-form';
import { ParametersForm } from '../panels/parameters-form';
import { Badge } from '../parts/badge';
import { Note } from '../parts/note';
import { Refusal } from '../parts/refusal';

/** Strategies: what they do, whether they run, and with which settings. */
export function StrategiesPage() {
  const { data, error, loading, reload } = usePolled('GET /api/v1/strategies', {}, 5_000);
  if (data === null) {
    return <Note kind={loading ? 'loading' : 'error'}>{loading ? 'Loading strategies.' : error}</Note>;
  }
  return (
    <div className="sheet__stack">
      {error !== null && <Note kind="error">{error}</Note>}
      {data.map((strategy) => (
        <Strategy key={strategy.id} strategy={strategy} onChanged={reload} />
      ))}
    </div>
  );
}

function Strategy({ strategy, onChanged }: { strategy: StrategyStatus; onChanged: () => void }) {
  const { busy, problem, submit } = useSubmit();
  const { id, enabled, suspended } = strategy;
  const change = (body: StrategyChange) =>
    void submit(() => send('PATCH /api/v1/strategies/:id', { params: { id }, body })).then(
      (done) => done && onChanged(),
    );
  return (
    <section className="panel strategy" aria-label={strategy.name}>
      <header className="panel__head strategy__head">
        <h2>{strategy.name}</h2>
        <Badge tone={suspended !== null ? 'bad' : enabled ? 'good' : 'plain'}>
          {suspended !== null ? 'suspended' : enabled ? 'on' : 'off'}
        </Badge>
        <span className="panel__tools">
          {suspended !== null && (
            <button
              type="button"
              className="button button--small"
              disabled={busy}
              onClick={() => change({ suspended: false })}
            >
              Resume
            </button>
          )}
          <button
            type="button"
            className="button button--small"
            disabled={busy}
            onClick={() => change({ enabled: !enabled })}
          >
            {enabled ? 'Switch off' : 'Switch on'}
          </button>
        </span>
      </header>
      <p className="strategy__about">{strategy.description}</p>
      <Refusal problem={problem} />
      {suspended !== null && (
        <p className="note note--error" role="alert">
          Suspended since {formatTime(suspended.since)} IST: {suspended.reason}. It sees no bars until
          somebody resumes it.
        </p>
      )}
      <Health strategy={strategy} />
      <div className="strategy__settings">
        <EntriesForm strategy={strategy} onChanged={onChanged} />
        <ParametersForm strategy={strategy} onChanged={onChanged} />
        <ExitsForm strategy={strategy} onChanged={onChanged} />
      </div>
    </section>
  );
}

function Health({ strategy }: { strategy: StrategyStatus }) {
  const { warmSymbols, symbols, barsSeen, signals, lastSignalAt, errors, slowBars, slowestBarMs } = strategy;
  return (
    <dl className="strategy__health">
      <Fact label="Symbols ready" value={`${formatCount(warmSymbols)} of ${formatCount(symbols)}`} />
      <Fact label="Bars seen" value={formatCount(barsSeen)} />
      <Fact label="Signals" value={formatCount(signals)} />
      <Fact label="Last signal" value={formatTime(lastSignalAt)} />
      <Fact label="Not worth the costs" value={formatCount(strategy.edgeRefusals)} />
      <Fact label="Slowest bar" value={slowestBarMs === null ? '—' : `${slowestBarMs.toFixed(1)} ms`} />
      <Fact label="Slow bars" value={formatCount(slowBars)} />
      <Fact label="Errors" value={formatCount(errors)} />
      {strategy.lastEdgeRefusal !== null && (
        <Fact label="Last entry not worth it" value={strategy.lastEdgeRefusal} />
      )}
      {strategy.lastError !== null && (
        <Fact label={`Last error, ${formatTime(strategy.lastErrorAt)}`} value={strategy.lastError} bad />
      )}
    </dl>
  );
}

function Fact({ label, value, bad = false }: { label: string; value: string; bad?: boolean }) {
  return (
    <div className="figure">
      <dt className="figure__label">{label}</dt>
      <dd className={`figure__value ${bad ? 'change--down' : ''}`}>{value}</dd>
    </div>
  );
}
