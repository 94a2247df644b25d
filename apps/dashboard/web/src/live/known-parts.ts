import type { DashboardUnified, SystemStatus } from '@tickbridge/contracts';
import type { PollState } from './poll';

/** What the orchestrator owns on the page, in the words of the page. */
const TITLES = {
  portfolios: 'money',
  positions: 'positions',
  orders: 'orders',
  signals: 'signals',
  trading: 'trading state',
} as const;

type PartName = keyof typeof TITLES;
const NAMES = Object.keys(TITLES) as PartName[];

/** The last value a part of the page had. */
export interface Known<T> {
  /** `null` when it was never read. */
  value: T | null;
  /** When it was read (ms since 1970, this computer's clock). */
  at: number | null;
  /** Whether it describes the present; otherwise it is shown as old, or not at all. */
  current: boolean;
}

export type KnownParts = { readonly [Name in PartName]: Known<NonNullable<DashboardUnified[Name]>> };

const never = { value: null, at: null, current: false };

export const NOTHING_KNOWN: KnownParts = {
  portfolios: never,
  positions: never,
  orders: never,
  signals: never,
  trading: never,
};

/** Adds an answer to what is known; a part it lacks keeps its last value, no longer current. */
export function learn(known: KnownParts, page: DashboardUnified, at: number): KnownParts {
  const one = <Name extends PartName>(name: Name): Known<NonNullable<DashboardUnified[Name]>> => {
    const value = page[name];
    return value === null ? { ...known[name], current: false } : { value, at, current: true };
  };
  return {
    portfolios: one('portfolios'),
    positions: one('positions'),
    orders: one('orders'),
    signals: one('signals'),
    trading: one('trading'),
  };
}

/** All of it as past, when the page itself is not current. */
export function asOf(known: KnownParts, page: Pick<PollState<unknown>, 'current'>): KnownParts {
  if (page.current) return known;
  const past = <T>(part: Known<T>): Known<T> => ({ ...part, current: false });
  return {
    portfolios: past(known.portfolios),
    positions: past(known.positions),
    orders: past(known.orders),
    signals: past(known.signals),
    trading: past(known.trading),
  };
}

/** Something the page cannot tell at the moment. */
export interface Outage {
  what: string;
  /** Time of the last good reading (ms since 1970, this computer's clock); `null` when there was none. */
  since: number | null;
  why: string;
}

/** What is not available, since when, and why; nothing while all is well or the first answer is awaited. */
export function outagesOf(known: KnownParts, page: PollState<DashboardUnified>): Outage[] {
  if (page.loading) return [];
  if (!page.current) {
    const why = page.error ?? 'The dashboard does not answer.';
    return [{ what: listed([...Object.values(TITLES), 'market summary']), since: page.answeredAt, why }];
  }
  const missing = NAMES.filter((name) => !known[name].current);
  if (missing.length === 0) return [];
  const times = missing.flatMap((name) => known[name].at ?? []);
  return [
    {
      what: listed(missing.map((name) => TITLES[name])),
      since: times.length === 0 ? null : Math.min(...times),
      why: whyAway(page.data?.system ?? null),
    },
  ];
}

function whyAway(system: SystemStatus | null): string {
  const service = system?.services.find(({ name }) => name === 'orchestrator');
  if (service === undefined || service.status === 'down') return 'The orchestrator does not answer.';
  const away = Object.entries(service.dependencies).filter(([, { status }]) => status !== 'up');
  if (away.length === 0) return 'The orchestrator could not tell.';
  return `The orchestrator is without ${listed(away.map(([name]) => name))}.`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
