import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, users } from '@tickbridge/database';
import { eq } from 'drizzle-orm';

/** A person who may sign in. */
export interface User {
  id: string;
  name: string;
  passwordHash: string;
}

/** People in PostgreSQL. */
@Injectable()
export class UserRepository {
  constructor(private readonly database: Database) {}

  async findByName(name: string): Promise<User | undefined> {
    const [user] = await this.database.orm.select().from(users).where(eq(users.name, name)).limit(1);
    return user;
  }

  /** @returns false when somebody of that name exists already */
  async create(name: string, passwordHash: string): Promise<boolean> {
    const made = await this.database.orm
      .insert(users)
      .values({ id: randomUUID(), name, passwordHash })
      .onConflictDoNothing({ target: users.name })
      .returning({ id: users.id });
    return made.length > 0;
  }

  async setPasswordHash(id: string, passwordHash: string): Promise<void> {
    await this.database.orm.update(users).set({ passwordHash }).where(eq(users.id, id));
  }
}
