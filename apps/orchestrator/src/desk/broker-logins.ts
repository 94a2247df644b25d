import { Injectable, Optional } from '@nestjs/common';
import {
  type BrokerLogin,
  type LoginReturn,
  type PastedLogin,
  type TokenStatus,
  toIso,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { unknownAccount } from '../accounts/unknown-account.problem';
import { AccountRepository } from '../accounts/account.repository';
import { ShareKhanLogin } from '../brokers/sharekhan/sharekhan.login';
import { AccountTokens } from '../tokens/account-tokens';
import { LOGIN_LIFE_MS, LoginStates, usedState } from './login-states';

/** The daily login of an account at its broker: to its page and back, or by a token carried over by hand. */
@Injectable()
export class BrokerLogins {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly tokens: AccountTokens,
    private readonly states: LoginStates,
    @Optional() private readonly shareKhan?: ShareKhanLogin,
  ) {}

  /**
   * Where the login begins.
   *
   * @param session whoever begins it; only the same session can complete it
   * @throws ProblemException 404 for an unknown account, 409 when it is at no broker that is set up here
   */
  async begin(accountId: string, session: string): Promise<BrokerLogin> {
    const login = await this.loginOf(accountId);
    const now = Date.now();
    const url = login.address(this.states.begin(accountId, session, now));
    return { url, expiresAt: toIso(now + LOGIN_LIFE_MS) };
  }

  /**
   * Completes a login with what the broker sent the browser back with.
   *
   * @throws ProblemException as `LoginStates`, `ShareKhanLogin.exchange` and `AccountTokens.submitFor` say
   */
  async complete({ state, requestToken }: LoginReturn, session: string): Promise<TokenStatus> {
    const { accountId, begunAt } = this.states.accept(state, session, Date.now());
    // Another process, or this one before a restart, may have completed it. That the broker refused the old token
    // meanwhile completes nothing.
    const savedAt = await this.tokens.savedAt(accountId);
    if (savedAt !== null && savedAt > begunAt) throw usedState();
    return this.exchange(accountId, requestToken, state);
  }

  /** Takes a token that a person carried over. @throws ProblemException as `complete` */
  async paste(accountId: string, pasted: PastedLogin): Promise<TokenStatus> {
    if ('requestToken' in pasted) return this.exchange(accountId, pasted.requestToken, 'pasted');
    await this.loginOf(accountId);
    const { accessToken: token, customerId, expiresAt } = pasted;
    return this.tokens.submitFor(accountId, customerId, { token, ...(expiresAt && { expiresAt }) });
  }

  private async exchange(accountId: string, requestToken: string, state: string): Promise<TokenStatus> {
    const login = await this.loginOf(accountId);
    const { token, customerId } = await login.exchange(requestToken, state);
    return this.tokens.submitFor(accountId, customerId, { token });
  }

  private async loginOf(accountId: string): Promise<ShareKhanLogin> {
    const account = await this.accounts.find(accountId);
    if (!account) throw unknownAccount(accountId);
    if (account.broker !== 'sharekhan') {
      throw new ProblemException(
        409,
        'NO_BROKER_LOGIN',
        `Account ${accountId} trades with the broker "${account.broker}", which needs no login.`,
      );
    }
    if (this.shareKhan) return this.shareKhan;
    throw new ProblemException(
      409,
      'BROKER_NOT_SET_UP',
      'ShareKhan is not set up here: start the orchestrator with SHAREKHAN_API_KEY and SHAREKHAN_SECRET_KEY.',
    );
  }
}
