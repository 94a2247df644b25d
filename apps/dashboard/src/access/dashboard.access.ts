import { Injectable } from '@nestjs/common';
import { isDatabaseUnavailable } from '@tickbridge/database';
import { carriesKey, ProblemException } from '@tickbridge/service-bootstrap';
import { SessionStore, type Session } from '@tickbridge/shared-cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DashboardConfig } from '../app.config';
import { sessionIdOf } from '../identity/session.cookie';
import { noteCaller, noteUnchecked } from './caller';
import { isCrossSite } from './cross-site';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What anybody may see: health, the sign-in page with its own script and style, and the sign-in itself; and the page that
 * the broker's login leads back to, because browsers bring no strict cookie along from another site. It can do nothing by
 * itself: what it sends comes from our own page, with the cookie.
 */
const PUBLIC = [
  /^\/health\/(live|ready)$/,
  /^\/(sign-in|broker-login)$/,
  /^\/favicon\.svg$/,
  /^\/assets\/(sign-in|broker-login|theme)-[A-Za-z0-9_-]+\.(js|css)$/,
  /^\/api\/v1\/auth\/login$/,
];

/** Pages a browser without a session is sent from to the sign-in page. */
const PAGES = new Set(['/', '/index.html']);

/** Who may do what here: nothing without a session or the internal key, and no write from another site. */
@Injectable()
export class DashboardAccess {
  constructor(
    private readonly config: DashboardConfig,
    private readonly sessions: SessionStore,
  ) {}

  /** @throws ProblemException 401 without a session, 403 from another site, 503 when sessions cannot be checked */
  async check(request: FastifyRequest): Promise<void> {
    const path = pathOf(request);
    if (carriesKey(request, this.config.internalApiKey)) {
      noteCaller(request, { kind: 'script' });
      return;
    }
    if (!SAFE.has(request.method) && isCrossSite(request)) {
      throw new ProblemException(403, 'CROSS_SITE_REQUEST', 'Writes from another site are refused.');
    }
    if (PUBLIC.some((pattern) => pattern.test(path))) return;
    const session = await this.sessionOf(request).catch((error: unknown) => {
      if (!(error instanceof ProblemException) || !isNavigation(request)) throw error;
      noteUnchecked(request);
      return undefined;
    });
    if (session !== undefined) {
      noteCaller(request, { kind: 'person', session });
      return;
    }
    if (PAGES.has(path)) return;
    throw new ProblemException(
      401,
      'SIGN_IN_REQUIRED',
      'Sign in at /sign-in, or send Authorization: Bearer <INTERNAL_API_KEY>.',
    );
  }

  private async sessionOf(request: FastifyRequest): Promise<Session | undefined> {
    const id = sessionIdOf(request, this.config.behindTls);
    if (id === undefined) return undefined;
    try {
      return await this.sessions.find(id);
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      // A session that cannot be checked may have been ended: nobody gets in on a guess.
      throw new ProblemException(
        503,
        'SESSIONS_UNAVAILABLE',
        'Sessions cannot be checked while the database is away.',
        undefined,
        { 'retry-after': '5' },
      );
    }
  }
}

/** A browser that opens a page, and shows a person whatever comes back. */
function isNavigation(request: FastifyRequest): boolean {
  return PAGES.has(pathOf(request)) && (request.headers.accept ?? '').includes('text/html');
}

/** Path as routed: without query, before any decoding. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] as string;
}

/** Sends a browser without a session from a page to the sign-in page. */
export function redirectToSignIn(reply: FastifyReply): void {
  void reply.status(303).header('location', '/sign-in').header('cache-control', 'no-store').send();
}
