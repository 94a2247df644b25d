import type { BacktestRequest, BacktestResult, CalendarFile, ChargeFile } from '@tickbridge/contracts';
import {
  type BacktestSettings,
  builtInCalendars,
  Calendars,
  ChargeTable,
  currencyOf,
  DEFAULT_CHARGE_PLAN,
  DEFAULT_LIMITS,
  PAPER_CAPITAL,
  type ScopedLimits,
} from '@tickbridge/trading-core';

/** What a worker thread is started with. */
export interface BacktestJob {
  readonly kind: 'tickbridge-backtest';
  readonly request: BacktestRequest;
  readonly databaseUrl: string | undefined;
  /** Recorded files of the configuration. */
  readonly recordings: readonly string[];
  /** As people want them. */
  readonly calendars: readonly CalendarFile[];
  /** Files of charges that people put in the place of the platform's. */
  readonly charges: readonly ChargeFile[];
}

/** What it says. */
export type BacktestMessage =
  | { kind: 'progress'; percent: number }
  | { kind: 'done'; result: BacktestResult }
  | { kind: 'failed'; code: string; message: string };

/** A run that cannot go on because of what it was asked for, not because of a defect. */
export class BacktestFailure extends Error {
  override readonly name = 'BacktestFailure';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function isBacktestJob(data: unknown): data is BacktestJob {
  return typeof data === 'object' && data !== null && (data as BacktestJob).kind === 'tickbridge-backtest';
}

/** A request as the core wants it. */
export function toSettings(
  { data, strategies, account, limits, fills }: BacktestRequest,
  calendars: readonly CalendarFile[] = builtInCalendars(),
  table: ChargeTable = new ChargeTable(),
): BacktestSettings {
  const source = data.kind === 'recording' ? 'replay' : data.feed;
  const currency = currencyOf(source);
  // Set globally, so that they replace the defaults and may loosen them.
  const scoped: ScopedLimits[] =
    Object.keys(limits).length > 0
      ? [{ scope: { kind: 'global' }, limits: { ...DEFAULT_LIMITS[currency], ...limits } }]
      : [];
  return {
    source,
    calendars: new Calendars(calendars),
    strategies,
    accountId: account?.id ?? 'PAPER_TRADER_001',
    capital: account?.capital ?? PAPER_CAPITAL[currency],
    limits: scoped,
    charges: { table, plan: account?.chargePlan ?? DEFAULT_CHARGE_PLAN[currency] },
    ...(fills && { fills }),
  };
}
