import { Injectable } from '@nestjs/common';
import type { Login } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { SessionStore, type Session } from '@tickbridge/shared-cache';
import { LoginLimiter } from './login-limiter';
import { hashPassword, verifyPassword } from './password-hash';
import { UserRepository } from './user.repository';

/** Turns a name and password into a session. */
@Injectable()
export class LoginService {
  /** Checked against when nobody of that name exists, so that the answer takes as long. */
  private readonly nobody = hashPassword('nobody has this password');

  constructor(
    private readonly users: UserRepository,
    private readonly sessions: SessionStore,
    private readonly limiter: LoginLimiter,
  ) {}

  /**
   * @returns the session and its id, which only the browser may know
   * @throws ProblemException 401 for a wrong name or password, 429 after too many
   */
  async login(
    { username, password }: Login,
    address: string,
    userAgent: string | null,
  ): Promise<{ id: string; session: Session }> {
    await this.limiter.take(address, username);
    const user = await this.users.findByName(username);
    const right = await verifyPassword(password, user?.passwordHash ?? (await this.nobody));
    if (user === undefined || !right) {
      throw new ProblemException(401, 'WRONG_CREDENTIALS', 'The user name or the password is wrong.');
    }
    await this.limiter.giveBack(address, username);
    return this.sessions.create({ id: user.id, name: user.name }, userAgent);
  }
}
