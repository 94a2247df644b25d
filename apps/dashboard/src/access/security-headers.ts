import type { FastifyInstance } from 'fastify';
import { pathOf } from './dashboard.access';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Swagger UI writes its own script and styles into the page. */
const DOCS_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'").replace(
  "style-src 'self'",
  "style-src 'self' 'unsafe-inline'",
);

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

/** Headers that tell browsers what these pages never do; answers of the API are kept by nobody. */
export function securityHeaders(path: string, behindTls: boolean): Record<string, string> {
  return {
    ...HEADERS,
    'content-security-policy': path.startsWith('/docs') ? DOCS_POLICY : POLICY,
    ...(behindTls && { 'strict-transport-security': 'max-age=31536000' }),
    ...(path.startsWith('/api/') && { 'cache-control': 'no-store' }),
  };
}

/** Adds them to every answer, refusals included. */
export function addSecurityHeaders(server: FastifyInstance, behindTls: boolean): void {
  server.addHook('onSend', async (request, reply) => {
    void reply.headers(securityHeaders(pathOf(request), behindTls));
  });
}
