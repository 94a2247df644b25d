import type { FastifyRequest } from 'fastify';

/**
 * Whether a write may come from another site's page.
 *
 * Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; a client that sends
 * neither is no browser and carries no cookie it was not given on purpose.
 */
export function isCrossSite(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  return hostOf(origin) !== host;
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    // `null`, sent by sandboxed pages, and anything else that is no origin: nobody's host.
    return undefined;
  }
}
