import { Controller, Req } from '@nestjs/common';
import type { ApiKeySummary, CreatedApiKey, EndpointInput } from '@tickbridge/contracts';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import type { FastifyRequest } from 'fastify';
import { callerName } from '../access/caller';
import { AuditLog } from '../audit/audit.log';
import { StreamHub } from '../stream/stream.hub';
import { ApiKeys } from './api-keys';

@Controller()
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly audit: AuditLog,
    private readonly streams: StreamHub,
  ) {}

  @Serve('GET /api/v1/keys')
  list(): Promise<ApiKeySummary[]> {
    return this.keys.list();
  }

  @Serve('POST /api/v1/keys')
  async create(
    @Input() { body: wanted }: EndpointInput<'POST /api/v1/keys'>,
    @Req() request: FastifyRequest,
  ): Promise<CreatedApiKey> {
    const actor = callerName(request);
    const made = await this.keys.create(wanted, actor);
    const { name, scope, expiresAt } = made;
    const detail = { scope, expiresAt };
    await this.audit.record({ actor, action: 'key.create', target: name, address: request.ip, detail });
    return made;
  }

  @Serve('DELETE /api/v1/keys/:id')
  async revoke(
    @Input() { params: { id } }: EndpointInput<'DELETE /api/v1/keys/:id'>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const name = await this.keys.revoke(id);
    if (name === undefined) throw new ProblemException(404, 'KEY_NOT_FOUND', 'No living key has this id.');
    this.streams.closeOwner(`key:${id}`);
    await this.audit.record({
      actor: callerName(request),
      action: 'key.revoke',
      target: name,
      address: request.ip,
    });
  }
}
