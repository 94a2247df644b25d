import type { FastifyInstance } from 'fastify';
import { isServiceCall } from './access';

/** Under which name scripts with the internal key act. */
export const INTERNAL_KEY_NAME = 'internal-key';

/**
 * Only another service may say on whose behalf it calls: it has recognised that person. The `by` of anybody else becomes
 * the name of the key they hold.
 */
export function nameScripts(server: FastifyInstance): void {
  server.addHook('preValidation', async (request) => {
    const { body } = request;
    if (typeof body !== 'object' || body === null || !('by' in body) || isServiceCall(request)) return;
    (body as { by: unknown }).by = INTERNAL_KEY_NAME;
  });
}
