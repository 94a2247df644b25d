import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** The account exists, is enabled, trades this feed, and is armed when its orders are real. */
export const accountEnabledRule: RiskRule = {
  name: 'account-enabled',
  check({ account, order, market }) {
    const { id, broker, enabled, armed, feed } = known(account, `account ${order.accountId}`);
    if (!enabled) return deny('ACCOUNT_DISABLED', `Account ${id} is disabled`, { account: id });
    if (broker !== 'paper' && !armed) {
      return deny('ACCOUNT_NOT_ARMED', `Account ${id} is not armed for real orders`, { account: id });
    }
    if (feed !== market.source) {
      return deny('WRONG_FEED', `Account ${id} trades the feed ${feed}, not ${market.source}`, {
        account: id,
        accountFeed: feed,
        orderFeed: market.source,
      });
    }
    return undefined;
  },
};
