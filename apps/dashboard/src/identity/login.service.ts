import { Injectable } from '@nestjs/common';
import type { Login } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { SessionStore, type Session } from '@tickbridge/shared-cache';
import { GuessLimiter, type Attempt } from '../guessing/guess-limiter';
import { KnownNetworks } from '../guessing/known-networks';
import { PasswordCheck } from './password-check';
import { SecondFactor } from './second-factor';
import { UserRepository, type User } from './user.repository';

/** Turns a name and password, and a code where the user has a second factor, into a session. */
@Injectable()
export class LoginService {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordCheck,
    private readonly secondFactor: SecondFactor,
    private readonly sessions: SessionStore,
    private readonly guesses: GuessLimiter,
    private readonly networks: KnownNetworks,
  ) {}

  /**
   * @returns the session and its id, which only the browser may know
   * @throws ProblemException 401 for a wrong name, password or code, or when a code is needed; 429 after too many
   */
  async login(
    { username, password, code }: Login,
    address: string,
    userAgent: string | null,
  ): Promise<{ id: string; session: Session }> {
    const user = await this.users.findByName(username);
    const known = user !== undefined && (await this.networks.knows(user.id, address));
    const attempt: Attempt = { account: username, address, known };
    const right = await judged(this.guesses, attempt, () => this.passwords.accepts(user, password));
    if (user === undefined || !right) {
      throw new ProblemException(401, 'WRONG_CREDENTIALS', 'The user name or the password is wrong.');
    }
    await this.assertCode(user, code, attempt);
    await this.networks.remember(user.id, address);
    const { id, session } = await this.sessions.create({ id: user.id, name: user.name }, userAgent);
    return { id, session: { ...session, role: user.role, secondFactor: user.totpConfirmedAt !== null } };
  }

  /**
   * Proves again who is signed in.
   *
   * @throws ProblemException 401 for a wrong proof, 429 after too many
   */
  async confirm(
    { userId, userName }: Session,
    proof: { password?: string | undefined; code?: string | undefined },
    address: string,
  ): Promise<void> {
    const user = await this.users.findById(userId);
    const known = await this.networks.knows(userId, address);
    const kind = proof.code === undefined ? 'password' : 'code';
    const right = await judged(this.guesses, { account: userName, address, known, kind }, async () =>
      proof.code === undefined
        ? this.passwords.accepts(user, proof.password ?? '')
        : user !== undefined && user.totpConfirmedAt !== null && this.secondFactor.accepts(user, proof.code),
    );
    if (!right) throw new ProblemException(401, 'WRONG_PROOF', 'The password or the code is wrong.');
  }

  private async assertCode(user: User, code: string | undefined, attempt: Attempt): Promise<void> {
    if (user.totpConfirmedAt === null) return;
    if (code === undefined) {
      throw new ProblemException(
        401,
        'CODE_REQUIRED',
        'Enter the code of your authenticator app, or a recovery code.',
      );
    }
    const right = await judged(this.guesses, { ...attempt, kind: 'code' }, () =>
      this.secondFactor.accepts(user, code),
    );
    if (!right) throw new ProblemException(401, 'WRONG_CODE', 'The code is wrong, or was used before.');
  }
}

/** Judges an attempt that was paid for; one that fails for a reason of our own costs nothing. */
async function judged(
  guesses: GuessLimiter,
  attempt: Attempt,
  judge: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const paid = await guesses.take(attempt);
  try {
    const right = await judge();
    if (right) await paid.succeeded();
    return right;
  } catch (error) {
    await paid.notJudged();
    throw error;
  }
}
