import { Controller, Req, Res } from '@nestjs/common';
import {
  type CurrentUser,
  type EndpointInput,
  type Login,
  type SessionSummary,
  toIso,
} from '@tickbridge/contracts';
import { isDatabaseUnavailable } from '@tickbridge/database';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import { SessionStore } from '@tickbridge/shared-cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, roleOf } from '../access/caller';
import { DashboardConfig } from '../config/app.config';
import { AuditLog } from '../audit/audit.log';
import { currentUser } from './current-user';
import { LoginService } from './login.service';
import { SessionEnd } from './session-end';
import { sessionOf } from './session-of';
import { expiredCookie, sessionCookie } from './session.cookie';

@Controller()
export class AuthController {
  constructor(
    private readonly config: DashboardConfig,
    private readonly loginService: LoginService,
    private readonly sessions: SessionStore,
    private readonly sessionEnd: SessionEnd,
    private readonly audit: AuditLog,
  ) {}

  @Serve('POST /api/v1/auth/login')
  async login(
    @Input() { body: login }: EndpointInput<'POST /api/v1/auth/login'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CurrentUser> {
    const userAgent = request.headers['user-agent']?.slice(0, 300) ?? null;
    const { id, session } = await this.begin(login, request.ip, userAgent);
    void reply.header('set-cookie', sessionCookie(id, session.expiresAt, this.config.behindTls));
    const caller = { kind: 'person', session, role: roleOf(session.role) } as const;
    return currentUser(caller, this.config.secondFactorRequired);
  }

  @Serve('POST /api/v1/auth/logout')
  async logout(
    @Input() _input: EndpointInput<'POST /api/v1/auth/logout'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const session = sessionOf(request);
    await this.sessionEnd.end(session.idHash);
    void reply.header('set-cookie', expiredCookie(this.config.behindTls));
    await this.audit.record({ actor: session.userName, action: 'sign-out', address: request.ip });
  }

  @Serve('GET /api/v1/auth/me')
  me(@Input() _input: EndpointInput<'GET /api/v1/auth/me'>, @Req() request: FastifyRequest): CurrentUser {
    const caller = callerOf(request);
    if (caller === undefined) throw new ProblemException(401, 'SIGN_IN_REQUIRED', 'Sign in at /sign-in.');
    return currentUser(caller, this.config.secondFactorRequired);
  }

  @Serve('GET /api/v1/auth/sessions')
  async list(
    @Input() _input: EndpointInput<'GET /api/v1/auth/sessions'>,
    @Req() request: FastifyRequest,
  ): Promise<SessionSummary[]> {
    const current = sessionOf(request);
    const sessions = await this.sessions.list(current.userId);
    return sessions.map((session) => ({
      id: session.idHash,
      current: session.idHash === current.idHash,
      createdAt: toIso(session.createdAt),
      lastSeenAt: toIso(session.lastSeenAt),
      expiresAt: toIso(session.expiresAt),
      userAgent: session.userAgent,
    }));
  }

  @Serve('DELETE /api/v1/auth/sessions/:id')
  async revoke(
    @Input() { params: { id } }: EndpointInput<'DELETE /api/v1/auth/sessions/:id'>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { userId, userName } = sessionOf(request);
    const mine = await this.sessions.list(userId);
    if (!mine.some(({ idHash }) => idHash === id)) {
      throw new ProblemException(404, 'SESSION_NOT_FOUND', 'No live session of yours has this id.');
    }
    await this.sessionEnd.end(id);
    await this.audit.record({ actor: userName, action: 'session.end', address: request.ip });
  }

  private async begin(login: Login, address: string, userAgent: string | null) {
    const event = { actor: login.username, action: 'sign-in', address };
    try {
      const begun = await this.loginService.login(login, address, userAgent);
      await this.audit.record({ ...event, detail: { userAgent } });
      return begun;
    } catch (error) {
      if (error instanceof ProblemException) await this.audit.record({ ...event, outcome: error.code });
      if (!isDatabaseUnavailable(error)) throw error;
      const detail = 'Nobody can sign in while the database is away.';
      throw new ProblemException(503, 'DATABASE_UNAVAILABLE', detail, undefined, { 'retry-after': '5' });
    }
  }
}
