import { STRATEGIES } from '../strategies/catalogue';

/** A backtest names a strategy that is not in the catalogue. */
export class UnknownStrategyError extends Error {
  readonly code = 'STRATEGY_UNKNOWN';
  override readonly name = 'UnknownStrategyError';

  constructor(readonly strategy: string) {
    super(`there is no strategy ${strategy}; known are ${STRATEGIES.map(({ id }) => id).join(', ')}`);
  }
}
