import { type Account, CANDLE_INTERVAL_MS, type Timeframe, TIMEFRAMES } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { useLive } from '../live/use-live';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { istInput, istTime } from '../format/time';
import { Field } from '../parts/field';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Which bars, which strategies, with which capital. What is left open is as the strategies have it now. */
export function BacktestForm({ onStarted }: { onStarted: (id: string) => void }) {
  const accounts = usePolled('GET /api/v1/accounts', {}, 60_000);
  const strategies = usePolled('GET /api/v1/strategies', {}, 30_000);
  const known = useLive((live) => live.symbols);
  const { busy, problem, messageFor, submit } = useSubmit();
  const [kind, setKind] = useState<'candles' | 'recording'>('candles');
  const [feed, setFeed] = useState<Account['feed'] | null>(null);
  const [symbols, setSymbols] = useState<string | null>(null);
  const [interval, setInterval] = useState<Timeframe>('5s');
  const [timeframe, setTimeframe] = useState<Timeframe | null>(null);
  const [edge, setEdge] = useState('');
  const [from, setFrom] = useState(() => istInput(Date.now() - HOUR_MS));
  const [to, setTo] = useState(() => istInput(Date.now() + MINUTE_MS));
  const [capital, setCapital] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const feeds = [...new Set((accounts.data ?? []).map((account) => account.feed))];
  const chosen = (strategies.data ?? []).filter(({ id }) => !left.has(id));
  const suggested = known.filter((symbol) => !symbol.startsWith('NIFTY')).slice(0, 3);
  const named = symbols ?? suggested.join(', ');
  const data = kind === 'recording' ? '5s' : interval;

  const start = async (event: FormEvent) => {
    event.preventDefault();
    const list = named.split(',').flatMap((symbol) => symbol.trim().toUpperCase() || []);
    const source = feed ?? feeds[0];
    if (kind === 'candles' && source === undefined) return;
    const span = { from: istTime(from), to: istTime(to) };
    const body = {
      data:
        kind === 'recording' || source === undefined
          ? { kind: 'recording' as const }
          : { kind, feed: source, interval, symbols: list, ...span },
      strategies: chosen.map(({ id, parameters, exits, ...own }) => ({
        id,
        parameters,
        // Bars of the data where the strategy's own are shorter.
        timeframe: noShorter(timeframe ?? own.timeframe, data),
        leastEdge: edge.trim() === '' ? own.leastEdge : Number(edge),
        exits,
      })),
      ...(capital.trim() !== '' && { account: { capital: Number(capital) } }),
    };
    await submit(async () => onStarted((await send('POST /api/v1/backtests', { body })).id));
  };

  return (
    <Panel title="New backtest" area="form">
      <form className="settings" onSubmit={(event) => void start(event)} noValidate>
        <div className="segments segments--wide" role="group" aria-label="Bars">
          {(['candles', 'recording'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={kind === one} onClick={() => setKind(one)}>
              {one === 'candles' ? 'Stored candles' : 'Recorded file'}
            </button>
          ))}
        </div>
        {kind === 'candles' ? (
          <div className="settings__fields">
            <Field label="Feed" message={messageFor('data.feed')}>
              <select
                value={feed ?? feeds[0] ?? ''}
                onChange={(event) => setFeed(feeds.find((one) => one === event.target.value) ?? null)}
              >
                {feeds.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </Field>
            <Field label="Interval" message={messageFor('data.interval')}>
              <select
                value={interval}
                onChange={(event) => setInterval(timeframeOf(event.target.value) ?? '5s')}
              >
                {TIMEFRAMES.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </Field>
            <Field whole label="From (IST)" message={messageFor('data.from')}>
              <input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
            </Field>
            <Field whole label="To (IST)" message={messageFor('data.to')}>
              <input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
            </Field>
          </div>
        ) : (
          <p className="field__hint">The file that the risk-manager is configured with.</p>
        )}
        {kind === 'candles' && (
          <Field label="Symbols, separated by commas" message={messageFor('data.symbols')}>
            <input value={named} onChange={(event) => setSymbols(event.target.value)} />
          </Field>
        )}
        <fieldset className="choices">
          <legend>Strategies, with their present settings</legend>
          {(strategies.data ?? []).map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" checked={!left.has(id)} onChange={() => setLeft(toggled(left, id))} />
              {name}
            </label>
          ))}
        </fieldset>
        <div className="settings__fields">
          <Field label="Timeframe" hint="Bars that strategies decide on">
            <select
              value={timeframe ?? ''}
              onChange={(event) => setTimeframe(timeframeOf(event.target.value) ?? null)}
            >
              <option value="">each one’s own</option>
              {TIMEFRAMES.map((one) => (
                <option key={one} disabled={noShorter(one, data) === undefined}>
                  {one}
                </option>
              ))}
            </select>
          </Field>
          <Field
            label="Least edge"
            hint="Empty: each one’s own"
            message={chosen.map((_, at) => messageFor(`strategies.${at}.leastEdge`)).find(Boolean)}
          >
            <input inputMode="decimal" value={edge} onChange={(event) => setEdge(event.target.value)} />
          </Field>
        </div>
        <Field
          label="Capital"
          hint="Empty: what a paper account starts with"
          message={messageFor('account.capital')}
        >
          <input inputMode="decimal" value={capital} onChange={(event) => setCapital(event.target.value)} />
        </Field>
        <Refusal problem={problem} />
        <div className="settings__actions">
          <button
            type="submit"
            className="button button--primary"
            disabled={busy || chosen.length === 0 || (kind === 'candles' && feeds.length === 0)}
          >
            Start the backtest
          </button>
        </div>
      </form>
    </Panel>
  );
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

function timeframeOf(text: string): Timeframe | undefined {
  return TIMEFRAMES.find((one) => one === text);
}

/** A timeframe, unless bars of the data are longer. */
function noShorter(timeframe: Timeframe, data: Timeframe): Timeframe | undefined {
  return CANDLE_INTERVAL_MS[timeframe] < CANDLE_INTERVAL_MS[data] ? undefined : timeframe;
}
