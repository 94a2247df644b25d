import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  currentUserSchema,
  loginSchema,
  sessionSummarySchema,
  toIso,
  type CurrentUser,
  type Login,
  type SessionSummary,
} from '@tickbridge/contracts';
import { isDatabaseUnavailable } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { SessionStore, type Session } from '@tickbridge/shared-cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../access/caller';
import { DashboardConfig } from '../app.config';
import { StreamHub } from '../stream/stream.hub';
import { LoginService } from './login.service';
import { expiredCookie, sessionCookie } from './session.cookie';

const sessionIdSchema = z.string().regex(/^[a-f0-9]{64}$/, 'expected an id from the list of sessions');

@ApiTags('sign-in')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly config: DashboardConfig,
    private readonly loginService: LoginService,
    private readonly sessions: SessionStore,
    private readonly streams: StreamHub,
  ) {}

  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begins a session; its id is in the cookie only' })
  @ApiOkResponse({ standardSchema: currentUserSchema })
  async login(
    @Body({ schema: loginSchema }) login: Login,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CurrentUser> {
    const userAgent = request.headers['user-agent']?.slice(0, 300) ?? null;
    const { id, session } = await this.begin(login, request.ip, userAgent);
    void reply.header('set-cookie', sessionCookie(id, session.expiresAt, this.config.behindTls));
    return { name: session.userName, sessionExpiresAt: toIso(session.expiresAt) };
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends this session, its live streams included' })
  @ApiNoContentResponse()
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const session = sessionOf(request);
    await this.end(session.idHash);
    void reply.header('set-cookie', expiredCookie(this.config.behindTls));
  }

  @Get('me')
  @ApiOperation({ summary: 'Who is signed in' })
  @ApiOkResponse({ standardSchema: currentUserSchema })
  me(@Req() request: FastifyRequest): CurrentUser {
    const caller = callerOf(request);
    if (caller?.kind !== 'person') return { name: 'script', sessionExpiresAt: null };
    return { name: caller.session.userName, sessionExpiresAt: toIso(caller.session.expiresAt) };
  }

  @Get('sessions')
  @ApiOperation({ summary: 'Live sessions of the signed-in user, newest first' })
  @ApiOkResponse({ standardSchema: z.array(sessionSummarySchema) })
  async list(@Req() request: FastifyRequest): Promise<SessionSummary[]> {
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

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends one of the signed-in user’s sessions' })
  @ApiNoContentResponse()
  async revoke(
    @Param('id', { schema: sessionIdSchema }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const mine = await this.sessions.list(sessionOf(request).userId);
    if (!mine.some(({ idHash }) => idHash === id)) {
      throw new ProblemException(404, 'SESSION_NOT_FOUND', 'No live session of yours has this id.');
    }
    await this.end(id);
  }

  private async begin(login: Login, address: string, userAgent: string | null) {
    try {
      return await this.loginService.login(login, address, userAgent);
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      throw new ProblemException(
        503,
        'DATABASE_UNAVAILABLE',
        'Nobody can sign in while the database is away.',
        undefined,
        {
          'retry-after': '5',
        },
      );
    }
  }

  private async end(idHash: string): Promise<void> {
    await this.sessions.revoke(idHash);
    this.streams.closeSession(idHash);
  }
}

function sessionOf(request: FastifyRequest): Session {
  const caller = callerOf(request);
  if (caller?.kind === 'person') return caller.session;
  throw new ProblemException(
    400,
    'NO_SESSION',
    'The internal key has no session; this is for people who signed in.',
  );
}
