import type { FastifyRequest } from 'fastify';

const NAME = 'tickbridge_session';

/** Over https browsers take a cookie of this name from this very host alone: no sister site can set one in its place. */
const HOST_NAME = `__Host-${NAME}`;

/** What our ids look like: 32 random bytes in base64url. */
const ID = /^[A-Za-z0-9_-]{43}$/;

/** `Set-Cookie` that hands a session id to the browser, for this site's own requests and no script's eyes. */
export function sessionCookie(id: string, expiresAt: number, secure: boolean): string {
  const attributes = [
    `Expires=${new Date(expiresAt).toUTCString()}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
  ];
  return [`${secure ? HOST_NAME : NAME}=${id}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ');
}

/** `Set-Cookie` that makes the browser forget it. */
export function expiredCookie(secure: boolean): string {
  return sessionCookie('', 0, secure);
}

/**
 * The session id a request carries; `undefined` for none, and for anything that cannot be one of ours.
 *
 * @param secure over https alone: then only the cookie that no other host can have set counts
 */
export function sessionIdOf(request: FastifyRequest, secure: boolean): string | undefined {
  const wanted = secure ? HOST_NAME : NAME;
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === wanted && value !== undefined && ID.test(value)) return value;
  }
  return undefined;
}
