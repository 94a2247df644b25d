import { STRATEGIES } from '../strategies/catalogue';

/** A backtest names a strategy that is not in the catalogue. */
export class UnknownStrategyError extends Error {
  readonly code = 'STRATEGY_UNKNOWN';
  override readonly name = 'UnknownStrategyError';

  constructor(readonly strategy: string) {
    super(`there is no strategy ${strategy}; known are ${STRATEGIES.map(({ id }) => id).join(', ')}`);
  }
}

/** A strategy cannot see bars that are shorter than those of the data. */
export class TimeframeTooShortError extends Error {
  override readonly name = 'TimeframeTooShortError';

  constructor(
    readonly strategy: string,
    readonly timeframe: string,
  ) {
    super(`${strategy} wants bars of ${timeframe}, and those of the data are longer`);
  }
}
