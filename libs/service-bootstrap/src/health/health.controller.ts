import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { readinessSchema } from '@tickbridge/contracts';
import type { FastifyReply } from 'fastify';
import { ServiceIdentity } from '../service-identity';
import { HealthRegistry } from './health.registry';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(ServiceIdentity) private readonly identity: ServiceIdentity,
    private readonly health: HealthRegistry,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'The process runs and answers' })
  live(): { status: 'up'; service: string; uptimeMs: number } {
    return { status: 'up', service: this.identity.name, uptimeMs: Math.round(process.uptime() * 1_000) };
  }

  @Get('ready')
  @ApiOperation({ summary: 'State of each dependency; degraded is ready, down answers 503' })
  @ApiOkResponse({ standardSchema: readinessSchema })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await this.health.readiness(this.identity.name);
    await reply.status(readiness.status === 'down' ? 503 : 200).send(readiness);
  }
}
