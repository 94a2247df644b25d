import { Injectable } from '@nestjs/common';
import type { RecoveryCodes, SecondFactorSetup } from '@tickbridge/contracts';
import { Database } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { Session } from '@tickbridge/shared-cache';
import { GuessLimiter } from '../guessing/guess-limiter';
import { hashPassword } from './password-hash';
import { PostgresSessionRepository } from './postgres-session.repository';
import { SecondFactor } from './second-factor';
import { SessionEnd } from './session-end';
import { UserRepository, type User } from './user.repository';

/** What people change about their own way in. */
@Injectable()
export class OwnAccount {
  private readonly stored: PostgresSessionRepository;

  constructor(
    database: Database,
    private readonly users: UserRepository,
    private readonly sessions: SessionEnd,
    private readonly secondFactor: SecondFactor,
    private readonly guesses: GuessLimiter,
  ) {
    this.stored = new PostgresSessionRepository(database);
  }

  /** A fresh proof of identity counts from now. */
  async noteProof({ idHash }: Session): Promise<void> {
    await this.stored.confirm(idHash, Date.now());
  }

  /** Every other session ends: whoever knew the old password is out. */
  async setPassword({ userId, idHash }: Session, password: string): Promise<void> {
    await this.users.setPasswordHash(userId, await hashPassword(password));
    await this.sessions.endAll(userId, idHash);
  }

  async beginSecondFactor(session: Session): Promise<SecondFactorSetup> {
    return this.secondFactor.begin(await this.userOf(session));
  }

  /** @throws ProblemException 400 for a wrong code, 429 after too many */
  async enableSecondFactor(session: Session, code: string, address: string): Promise<RecoveryCodes> {
    const paid = await this.guesses.take({ account: session.userName, address, known: true, kind: 'code' });
    const recoveryCodes = await this.secondFactor.enable(await this.userOf(session), code);
    await paid.succeeded();
    return { recoveryCodes };
  }

  async removeSecondFactor({ userId }: Session): Promise<void> {
    await this.users.removeSecondFactor(userId);
  }

  private async userOf({ userId }: Session): Promise<User> {
    const user = await this.users.findById(userId);
    if (user === undefined) throw new ProblemException(404, 'USER_NOT_FOUND', 'This user is gone.');
    return user;
  }
}
