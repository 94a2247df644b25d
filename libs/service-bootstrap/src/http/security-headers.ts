import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

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

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

/** The one style Swagger's script adds to the page later, for its logo. */
const LOGO_STYLE = '.logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}';
const STYLE_BLOCKS = /<style>([\s\S]*?)<\/style>/g;
const STYLE_ATTRIBUTES = /\sstyle="([^"]*)"/g;

/**
 * Headers that tell browsers what an answer never does; answers of the API are kept by nobody.
 *
 * @param path without query
 * @param behindTls the service is reached over https alone
 */
export function securityHeaders(path: string, behindTls: boolean): Record<string, string> {
  return {
    ...HEADERS,
    'content-security-policy': POLICY,
    ...(behindTls && { 'strict-transport-security': 'max-age=31536000' }),
    ...(path.startsWith('/api/') && { 'cache-control': 'no-store' }),
  };
}

/** Adds them to every answer, refusals included. A policy or caching rule a route has set itself stays. */
export function addSecurityHeaders(server: FastifyInstance, behindTls: boolean): void {
  server.addHook('onSend', async (request, reply, payload) => {
    const path = request.url.split('?', 1)[0] as string;
    for (const [name, value] of Object.entries(securityHeaders(path, behindTls))) {
      const own = name === 'content-security-policy' || name === 'cache-control';
      if (!own || !reply.hasHeader(name)) void reply.header(name, value);
    }
    if (isApiPage(path) && typeof payload === 'string') {
      void reply.header('content-security-policy', policyOfApiPage(payload));
    }
    return payload;
  });
}

function isApiPage(path: string): boolean {
  return path === '/docs' || path === '/docs/' || path === '/docs/index.html';
}

/** Swagger's page brings styles of its own; each is allowed by its hash, and nothing else written into the page is. */
function policyOfApiPage(html: string): string {
  const texts = [STYLE_BLOCKS, STYLE_ATTRIBUTES].flatMap((pattern) =>
    [...html.matchAll(pattern)].map(([, text = '']) => text),
  );
  const hashes = [...texts, LOGO_STYLE].map(
    (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  return POLICY.replace("style-src 'self'", ["style-src 'self'", "'unsafe-hashes'", ...hashes].join(' '));
}
