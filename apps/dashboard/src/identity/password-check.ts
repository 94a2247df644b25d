import { Injectable } from '@nestjs/common';
import { hashPassword, isOutdated, verifyPassword } from './password-hash';
import { UserRepository, type User } from './user.repository';

/** Checks passwords, and hashes them anew while they are at hand. */
@Injectable()
export class PasswordCheck {
  /** Checked against when nobody of that name may sign in, so that the answer takes as long. */
  private readonly nobody = hashPassword('nobody has this password');

  constructor(private readonly users: UserRepository) {}

  /** Whether the user exists, is enabled and has this password. */
  async accepts(user: User | undefined, password: string): Promise<boolean> {
    const right = await verifyPassword(password, user?.passwordHash ?? (await this.nobody));
    if (user === undefined || user.disabledAt !== null || !right) return false;
    if (isOutdated(user.passwordHash))
      await this.users.setPasswordHash(user.id, await hashPassword(password));
    return true;
  }
}
