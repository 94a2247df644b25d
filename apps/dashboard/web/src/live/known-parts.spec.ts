import type { DashboardUnified, TradingState } from '@tickbridge/contracts';
import { asOf, learn, NOTHING_KNOWN, outagesOf } from './known-parts';
import { UNREAD, type PollState } from './poll';

const trading: TradingState = {
  mode: 'ACTIVE',
  running: true,
  changedBy: 'admin',
  reason: 'start of the day',
  changedAt: '2026-01-05T03:45:00.000Z',
};

const full = {
  trading,
  portfolios: [],
  positions: [],
  orders: [],
  signals: [],
} as unknown as DashboardUnified;
const empty = {
  trading: null,
  portfolios: null,
  positions: null,
  orders: null,
  signals: null,
  system: { services: [{ name: 'orchestrator', status: 'down', dependencies: {} }] },
} as unknown as DashboardUnified;

function answered(data: DashboardUnified, answeredAt: number): PollState<DashboardUnified> {
  return { data, error: null, loading: false, answeredAt, current: true };
}

describe('what the page knows', () => {
  it('is current as long as every part is there', () => {
    const known = learn(NOTHING_KNOWN, full, 1_000);
    expect(known.trading).toEqual({ value: trading, at: 1_000, current: true });
    expect(outagesOf(known, answered(full, 1_000))).toEqual([]);
  });

  it('keeps the last value of a part that is away, as past', () => {
    const known = learn(learn(NOTHING_KNOWN, full, 1_000), empty, 3_500);
    expect(known.trading).toEqual({ value: trading, at: 1_000, current: false });
    expect(outagesOf(known, answered(empty, 3_500))).toEqual([
      {
        what: 'money, positions, orders, signals and trading state',
        since: 1_000,
        why: 'The orchestrator does not answer.',
      },
    ]);
  });

  it('names only what is away, and what the orchestrator lacks', () => {
    const page = {
      ...full,
      portfolios: null,
      system: {
        services: [
          { name: 'orchestrator', status: 'degraded', dependencies: { postgresql: { status: 'down' } } },
        ],
      },
    } as unknown as DashboardUnified;
    const known = learn(NOTHING_KNOWN, page, 1_000);
    expect(outagesOf(known, answered(page, 1_000))).toEqual([
      { what: 'money', since: null, why: 'The orchestrator is without postgresql.' },
    ]);
  });

  it('is all past when the page itself is not answered', () => {
    const page = { ...answered(full, 1_000), current: false, error: 'The dashboard cannot be reached.' };
    const known = asOf(learn(NOTHING_KNOWN, full, 1_000), page);
    expect(Object.values(known).some(({ current }) => current)).toBe(false);
    expect(outagesOf(known, page)).toMatchObject([{ since: 1_000, why: 'The dashboard cannot be reached.' }]);
  });

  it('says nothing before the first answer', () => {
    expect(outagesOf(NOTHING_KNOWN, UNREAD)).toEqual([]);
  });
});
