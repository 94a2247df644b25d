import { lineOfText } from '@tickbridge/contracts';
import type { FastifyInstance } from 'fastify';
import { isServiceCall } from './access';

/** Under which name scripts with the internal key act. */
export const INTERNAL_KEY_NAME = 'internal-key';

const nameSchema = lineOfText(100);

/**
 * Only another service may say on whose behalf it calls: it has recognised that person. The `by` of anybody else becomes
 * the name of the key they hold.
 */
export function nameScripts(server: FastifyInstance): void {
  server.addHook('preValidation', async (request) => {
    const { body } = request;
    if (typeof body !== 'object' || body === null || !('by' in body) || isServiceCall(request)) return;
    // What is no name at all is left to the check of the body, which refuses it.
    if (isName(body.by)) body.by = INTERNAL_KEY_NAME;
  });
}

function isName(value: unknown): boolean {
  return nameSchema.safeParse(value).success;
}
