import { randomBytes } from 'node:crypto';
import { newUserSchema, roleSchema, ROLES } from '@tickbridge/contracts';
import { sessions, type Database } from '@tickbridge/database';
import { and, eq, isNull } from 'drizzle-orm';
import type { AuditLog } from '../audit/audit.log';
import { hashPassword } from '../identity/password-hash';
import type { User, UserRepository } from '../identity/user.repository';

export const USAGE = `npm run user -- list
npm run user -- create <name> <${ROLES.join('|')}>
npm run user -- reset-password <name>     a new password; ends all sessions
npm run user -- reset-second-factor <name>
npm run user -- role <name> <${ROLES.join('|')}>
npm run user -- disable <name>
npm run user -- enable <name>`;

/** What was asked for cannot be done; the message says why. */
export class UserCommandError extends Error {}

interface Parts {
  database: Database;
  users: UserRepository;
  audit: AuditLog;
}

const ACTOR = 'command-line';

/**
 * Carries out one command about users.
 *
 * @returns what to print
 * @throws UserCommandError for an unknown command, user or role, and for the last admin
 */
export async function runUserCommand(words: readonly string[], parts: Parts): Promise<string> {
  const [command, name, role] = words;
  const { users, audit } = parts;
  if (command === 'list') return table(await users.list());
  if (name === undefined) throw new UserCommandError('Which user?');
  if (command === 'create') return create(name, role, parts);
  const user = await users.findByName(name);
  if (user === undefined) throw new UserCommandError(`There is no user ${name}.`);
  switch (command ?? '') {
    case 'reset-password': {
      const password = randomBytes(12).toString('base64url');
      await users.setPasswordHash(user.id, await hashPassword(password));
      const ended = await endSessions(user, parts);
      const detail = { reason: 'reset', sessionsEnded: ended };
      await audit.append({ actor: ACTOR, action: 'password.change', target: name, detail });
      return `Password of ${name}: ${password}   (shown this once; ${ended} sessions ended)`;
    }
    case 'reset-second-factor':
      await users.removeSecondFactor(user.id);
      await audit.append({ actor: ACTOR, action: 'second-factor.remove', target: name });
      return `${name} signs in without a code until a new second factor is set up.`;
    case 'role':
      return change(user, { role: roleOf(role) }, parts);
    case 'disable':
      return change(user, { enabled: false }, parts);
    case 'enable':
      return change(user, { enabled: true }, parts);
    default:
      throw new UserCommandError(`There is no command ${command ?? ''}.`);
  }
}

async function create(name: string, role: string | undefined, { users, audit }: Parts): Promise<string> {
  const wanted = newUserSchema.safeParse({ name, role: roleOf(role) });
  if (!wanted.success)
    throw new UserCommandError(wanted.error.issues.map(({ message }) => message).join('; '));
  const password = randomBytes(12).toString('base64url');
  const made = await users.create(name, await hashPassword(password), wanted.data.role);
  if (!made) throw new UserCommandError(`There is a user ${name} already.`);
  await audit.append({
    actor: ACTOR,
    action: 'user.create',
    target: name,
    detail: { role: wanted.data.role },
  });
  return `Password of ${name}: ${password}   (shown this once)`;
}

async function change(
  user: User,
  wanted: Parameters<UserRepository['change']>[1],
  parts: Parts,
): Promise<string> {
  const outcome = await parts.users.change(user.id, wanted);
  if (outcome === 'last-admin')
    throw new UserCommandError('One enabled admin has to stay: make another first.');
  if (outcome === 'unknown') throw new UserCommandError(`There is no user ${user.name}.`);
  const ended = wanted.enabled === false ? await endSessions(user, parts) : 0;
  const action = wanted.role !== undefined ? 'user.role' : wanted.enabled ? 'user.enable' : 'user.disable';
  await parts.audit.append({
    actor: ACTOR,
    action,
    target: user.name,
    detail: { ...wanted, sessionsEnded: ended },
  });
  return table([outcome.after]);
}

/** Services ask the database about every session, so this ends them at once; live streams within a second. */
async function endSessions({ id }: User, { database }: Parts): Promise<number> {
  const ended = await database.orm
    .update(sessions)
    .set({ revokedAt: new Date() })
    .where(and(eq(sessions.userId, id), isNull(sessions.revokedAt)))
    .returning({ idHash: sessions.idHash });
  return ended.length;
}

function roleOf(text: string | undefined) {
  const role = roleSchema.safeParse(text);
  if (!role.success) throw new UserCommandError(`Which role: ${ROLES.join(', ')}?`);
  return role.data;
}

function table(users: readonly User[]): string {
  if (users.length === 0) return 'There is no user yet: the dashboard makes the first one when it starts.';
  const rows = users.map(({ name, role, disabledAt, totpConfirmedAt }) => [
    name,
    role,
    disabledAt === null ? 'enabled' : 'disabled',
    totpConfirmedAt === null ? 'password' : 'password and code',
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
