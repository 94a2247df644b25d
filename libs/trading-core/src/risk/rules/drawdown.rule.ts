import { Money } from '../../money/money';
import { equity, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Fall of the equity from the highest it is known to have been. Closing orders stay allowed. */
export const drawdownRule: RiskRule = {
  name: 'drawdown',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxDrawdownPercent } = known(context.limits, 'the limits');
    const now = equity(context);
    const peak = Money.max(known(context.equityPeak, 'the equity peak') ?? now, now);
    if (peak.lte(0)) return undefined;
    const drawdownPercent = peak.minus(now).div(peak).times(100).toNumber();
    if (drawdownPercent < maxDrawdownPercent) return undefined;
    return deny(
      'DRAWDOWN',
      `Equity ${now.toFixed(2)} is ${drawdownPercent.toFixed(2)} % below its peak ${peak.toFixed(2)}, ${maxDrawdownPercent} % is the limit`,
      { equity: now.toNumber(), peak: peak.toNumber(), drawdownPercent, maxDrawdownPercent },
      'maxDrawdownPercent',
    );
  },
};
