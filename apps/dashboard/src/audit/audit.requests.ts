import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf, nameOf } from '../access/caller';
import { ruleOf } from '../access/route-rules';
import type { AuditLog } from './audit.log';

/** The code of a problem document. */
const CODE = /"code":"([A-Z][A-Z0-9_]{1,60})"/;

/** Writes each use of a route whose rule asks for it into the audit log, refusals included, once it is answered. */
export function auditRequests(server: FastifyInstance, log: AuditLog): void {
  const refusals = new WeakMap<object, string>();
  server.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode < 400 || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return payload;
    const code = CODE.exec(payload.toString('utf8'))?.[1];
    if (code !== undefined) refusals.set(request.raw, code);
    return payload;
  });
  server.addHook('onResponse', async (request, reply) => {
    const { audit } = ruleOf(request.method, request.routeOptions.url);
    const caller = callerOf(request);
    if (audit === undefined || caller === undefined) return;
    await log.record({
      actor: nameOf(caller),
      action: audit,
      target: targetOf(request),
      outcome: reply.statusCode < 400 ? 'ok' : (refusals.get(request.raw) ?? `status ${reply.statusCode}`),
      address: request.ip,
      detail: detailOf(audit, request.body),
    });
  });
}

/** What the path names, in its order: an account, or a calendar and a day. */
function targetOf({ params }: FastifyRequest): string | null {
  const named = Object.values(params as Record<string, string>);
  return named.length === 0 ? null : named.join(' ');
}

/** What was asked for; bodies that carry tokens are left out whole. */
function detailOf(action: string, body: unknown): Record<string, unknown> {
  if (action.startsWith('token.') || action.startsWith('broker.')) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const { by: _notTheirsToSay, ...asked } = body as Record<string, unknown>;
  return asked;
}
