import { heldNotional, orderNotional, pendingNotional, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Value of everything held and ordered by the account, longs and shorts added up. */
export const grossExposureRule: RiskRule = {
  name: 'gross-exposure',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxGrossExposure } = known(context.limits, 'the limits');
    const held = heldNotional(context);
    const pending = pendingNotional(context);
    const order = orderNotional(context);
    const total = held.plus(pending).plus(order);
    if (total.lte(maxGrossExposure)) return undefined;
    return deny(
      'GROSS_EXPOSURE',
      `Exposure would be ${total.toFixed(2)}, at most ${maxGrossExposure} is allowed`,
      {
        held: held.toNumber(),
        pending: pending.toNumber(),
        order: order.toNumber(),
        maxGrossExposure,
      },
      'maxGrossExposure',
    );
  },
};
