import { netNotional, orderNotional, reducesExposure } from '../exposure';
import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** Value of longs less shorts of the account, in either direction. An order that brings it towards zero may go. */
export const netExposureRule: RiskRule = {
  name: 'net-exposure',
  check(context) {
    if (reducesExposure(context)) return undefined;
    const { maxNetExposure } = known(context.limits, 'the limits');
    const before = netNotional(context);
    const order = orderNotional(context).times(context.order.side === 'BUY' ? 1 : -1);
    const after = before.plus(order);
    if (after.abs().lte(maxNetExposure) || after.abs().lt(before.abs())) return undefined;
    return deny(
      'NET_EXPOSURE',
      `Net exposure would be ${after.toFixed(2)}, at most ${maxNetExposure} is allowed either way`,
      { before: before.toNumber(), order: order.toNumber(), after: after.toNumber(), maxNetExposure },
      'maxNetExposure',
    );
  },
};
