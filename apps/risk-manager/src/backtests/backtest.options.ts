/** How backtests run; also the injection token. */
export abstract class BacktestOptions {
  /** Runs at the same time. */
  abstract readonly workers: number;
  /** Runs that may wait. */
  abstract readonly maxWaiting: number;
  abstract readonly databaseUrl: string | undefined;
  /** Files of the recording that a run may ask for. */
  abstract readonly recordings: readonly string[];
}
