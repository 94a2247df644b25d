import { reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/**
 * Kill ladder: HALTED lets through only what a person does to bring a position down, and protective stops; REDUCING, FLATTEN and a stopped
 * platform only what closes positions.
 */
export const tradingStateRule: RiskRule = {
  name: 'trading-state',
  check(context) {
    const { mode, running } = known(context.tradingState, 'the trading state');
    if (mode === 'HALTED') {
      const { byPerson, protective = false } = context.order;
      if ((byPerson || protective) && reducesExposure(context)) return undefined;
      const message = 'Trading is halted; only orders of a person that bring a position down may go';
      return deny('TRADING_HALTED', message, { mode });
    }
    if (mode === 'ACTIVE' && running) return undefined;
    if (reducesExposure(context)) return undefined;
    return mode === 'ACTIVE'
      ? deny('TRADING_STOPPED', 'Trading is stopped; only orders that close a position may go', { mode })
      : deny('TRADING_REDUCING', `Trading is ${mode}; only orders that close a position may go`, { mode });
  },
};
