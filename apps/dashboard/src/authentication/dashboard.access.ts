import { Injectable } from '@nestjs/common';
import { isDatabaseUnavailable } from '@tickbridge/database';
import { bearerOf, carriesKey, ProblemException } from '@tickbridge/service-bootstrap';
import { SessionStore } from '@tickbridge/shared-cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DashboardConfig } from '../config/app.config';
import { isFresh } from '../identity/confirmation';
import { sessionIdOf } from '../identity/session.cookie';
import { ApiKeys } from '../keys/api-keys';
import { mayAct, noteCaller, noteUnchecked, roleOf, type Caller } from '../access/caller';
import { isCrossSite } from './cross-site';
import { needsProof, ruleOf, type RouteRule } from '../access/route-rules';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who may do what here: the one place where callers are recognised and held to the table of routes. */
@Injectable()
export class DashboardAccess {
  constructor(
    private readonly config: DashboardConfig,
    private readonly sessions: SessionStore,
    private readonly keys: ApiKeys,
  ) {}

  /**
   * @throws ProblemException 401 without a session or key, 403 from another site, with too little a role, or without a
   *   second factor where one is required, 503 when sessions or keys cannot be checked
   */
  async check(request: FastifyRequest): Promise<void> {
    const rule = ruleOf(request.method, request.routeOptions.url);
    const script = await this.scriptOf(request);
    if (script === undefined && !SAFE.has(request.method) && isCrossSite(request)) {
      throw new ProblemException(403, 'CROSS_SITE_REQUEST', 'Writes from another site are refused.');
    }
    if (script === undefined && rule.least === 'public') return;
    const caller = script ?? (await this.personOf(request, rule));
    if (caller === undefined) {
      if (rule.least === 'page') return;
      throw new ProblemException(
        401,
        'SIGN_IN_REQUIRED',
        'Sign in at /sign-in, or send Authorization: Bearer <API key>.',
      );
    }
    noteCaller(request, caller);
    this.assertSecondFactor(caller, rule);
    const { least } = rule;
    if (least === 'public' || least === 'page' || least === 'self' || mayAct(caller, least)) return;
    throw new ProblemException(403, 'ROLE_TOO_LOW', `This needs the role ${least}; yours is ${caller.role}.`);
  }

  /**
   * Second half of the check, once the body is known.
   *
   * @throws ProblemException 403 when a person has to prove anew who they are
   */
  checkConfirmation(request: FastifyRequest, caller: Caller | undefined): void {
    if (caller?.kind !== 'person') return;
    const rule = ruleOf(request.method, request.routeOptions.url);
    if (!needsProof(rule, request) || isFresh(caller.session)) return;
    throw new ProblemException(
      403,
      'CONFIRMATION_REQUIRED',
      'This needs a fresh proof of who you are: POST /api/v1/auth/confirm with your password or a code, then again.',
    );
  }

  private async scriptOf(request: FastifyRequest): Promise<Caller | undefined> {
    if (carriesKey(request, this.config.internalApiKey)) return { kind: 'internal-key', role: 'admin' };
    const bearer = bearerOf(request);
    if (bearer === undefined) return undefined;
    const key = await whileStored(this.keys.find(bearer, request.ip), 'Keys');
    return key && { kind: 'key', ...key };
  }

  private async personOf(request: FastifyRequest, rule: RouteRule): Promise<Caller | undefined> {
    const id = sessionIdOf(request, this.config.behindTls);
    if (id === undefined) return undefined;
    try {
      const session = await whileStored(this.sessions.find(id), 'Sessions');
      return session && { kind: 'person', session, role: roleOf(session.role) };
    } catch (error) {
      if (!(error instanceof ProblemException) || !isNavigation(request, rule)) throw error;
      noteUnchecked(request);
      return undefined;
    }
  }

  private assertSecondFactor(caller: Caller, { least }: RouteRule): void {
    if (!this.config.secondFactorRequired || caller.kind !== 'person' || caller.session.secondFactor) return;
    if (least === 'self' || least === 'page' || least === 'public') return;
    throw new ProblemException(
      403,
      'SECOND_FACTOR_REQUIRED',
      'This installation requires a second factor: set one up on your account page.',
    );
  }
}

/** A session or key that cannot be checked may have been ended: nobody gets in on a guess. */
async function whileStored<T>(search: Promise<T>, what: 'Sessions' | 'Keys'): Promise<T> {
  try {
    return await search;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    const detail = `${what} cannot be checked while the database is away.`;
    throw new ProblemException(503, `${what.toUpperCase()}_UNAVAILABLE`, detail, undefined, {
      'retry-after': '5',
    });
  }
}

/** A browser that opens a page, and shows a person whatever comes back. */
function isNavigation(request: FastifyRequest, { least }: RouteRule): boolean {
  return least === 'page' && (request.headers.accept ?? '').includes('text/html');
}

/** Sends a browser without a session from a page to the sign-in page. */
export function redirectToSignIn(reply: FastifyReply): void {
  void reply.status(303).header('location', '/sign-in').header('cache-control', 'no-store').send();
}
