import { Controller, Req } from '@nestjs/common';
import { type CreatedUser, type EndpointInput, toIso, type UserSummary } from '@tickbridge/contracts';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import type { FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { callerName } from '../access/caller';
import { AuditLog } from '../audit/audit.log';
import { hashPassword } from '../identity/password-hash';
import { SessionEnd } from '../identity/session-end';
import { type User, UserRepository } from '../identity/user.repository';

@Controller()
export class UsersController {
  constructor(
    private readonly users: UserRepository,
    private readonly sessions: SessionEnd,
    private readonly audit: AuditLog,
  ) {}

  @Serve('GET /api/v1/users')
  async list(): Promise<UserSummary[]> {
    return (await this.users.list()).map(summaryOf);
  }

  @Serve('POST /api/v1/users')
  async create(
    @Input() { body: { name, role, password } }: EndpointInput<'POST /api/v1/users'>,
    @Req() request: FastifyRequest,
  ): Promise<CreatedUser> {
    const generated = password === undefined ? randomBytes(12).toString('base64url') : undefined;
    const made = await this.users.create(name, await hashPassword(password ?? generated ?? ''), role);
    if (!made) throw new ProblemException(409, 'USER_NAME_TAKEN', 'There is a user of this name.');
    await this.note(request, 'user.create', name, { role });
    return { ...summaryOf(made), ...(generated !== undefined && { password: generated }) };
  }

  @Serve('PATCH /api/v1/users/:id')
  async change(
    @Input() { params: { id }, body: change }: EndpointInput<'PATCH /api/v1/users/:id'>,
    @Req() request: FastifyRequest,
  ): Promise<UserSummary> {
    const outcome = await this.users.change(id, change);
    if (outcome === 'unknown') throw new ProblemException(404, 'USER_NOT_FOUND', 'No user has this id.');
    if (outcome === 'last-admin') {
      throw new ProblemException(409, 'LAST_ADMIN', 'One enabled admin has to stay: make another first.');
    }
    const { before, after } = outcome;
    if (after.disabledAt !== null) await this.sessions.endAll(id);
    if (before.role !== after.role) {
      await this.note(request, 'user.role', after.name, { from: before.role, to: after.role });
    }
    if ((before.disabledAt === null) !== (after.disabledAt === null)) {
      await this.note(request, after.disabledAt === null ? 'user.enable' : 'user.disable', after.name, {});
    }
    return summaryOf(after);
  }

  private note(
    request: FastifyRequest,
    action: string,
    target: string,
    detail: Record<string, unknown>,
  ): Promise<void> {
    return this.audit.record({ actor: callerName(request), action, target, address: request.ip, detail });
  }
}

function summaryOf({ id, name, role, disabledAt, totpConfirmedAt, createdAt }: User): UserSummary {
  return {
    id,
    name,
    role,
    enabled: disabledAt === null,
    secondFactor: totpConfirmedAt !== null,
    createdAt: toIso(createdAt.getTime()),
  };
}
