import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  apiKeySchema,
  createdApiKeySchema,
  newApiKeySchema,
  type ApiKeySummary,
  type CreatedApiKey,
  type NewApiKey,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerName } from '../access/caller';
import { AuditLog } from '../audit/audit.log';
import { StreamHub } from '../stream/stream.hub';
import { ApiKeys } from './api-keys';

@ApiTags('keys')
@Controller('api/v1/keys')
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly audit: AuditLog,
    private readonly streams: StreamHub,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Keys of scripts, without the keys themselves' })
  @ApiOkResponse({ standardSchema: z.array(apiKeySchema) })
  list(): Promise<ApiKeySummary[]> {
    return this.keys.list();
  }

  @Post()
  @ApiOperation({ summary: 'Makes a key; it is shown this once' })
  @ApiCreatedResponse({ standardSchema: createdApiKeySchema })
  async create(
    @Body({ schema: newApiKeySchema }) wanted: NewApiKey,
    @Req() request: FastifyRequest,
  ): Promise<CreatedApiKey> {
    const actor = callerName(request);
    const made = await this.keys.create(wanted, actor);
    const { name, scope, expiresAt } = made;
    const detail = { scope, expiresAt };
    await this.audit.record({ actor, action: 'key.create', target: name, address: request.ip, detail });
    return made;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes a key at once, its live streams included' })
  @ApiNoContentResponse()
  async revoke(@Param('id', { schema: z.uuid() }) id: string, @Req() request: FastifyRequest): Promise<void> {
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
