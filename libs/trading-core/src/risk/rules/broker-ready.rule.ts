import { known } from '../risk.errors';
import { deny, type RiskRule } from '../risk-rule';

/** The broker of a real account has a token that counts, and answers. Paper accounts have no broker to ask. */
export const brokerReadyRule: RiskRule = {
  name: 'broker-ready',
  check({ account, order, broker }) {
    const { id, broker: name } = known(account, `account ${order.accountId}`);
    if (name === 'paper') return undefined;
    const { token, reachable } = known(broker, `the state of the broker ${name}`);
    if (token !== 'valid' && token !== 'expiring') {
      return deny('TOKEN_INVALID', `The access token of account ${id} is not valid: ${token}`, {
        account: id,
        token,
      });
    }
    if (reachable !== true) {
      const message =
        reachable === false ? `The broker ${name} does not answer` : `The broker ${name} was never reached`;
      return deny('BROKER_UNREACHABLE', message, { account: id, broker: name });
    }
    return undefined;
  },
};
