import { Controller, Inject, Res } from '@nestjs/common';
import type { EndpointInput } from '@tickbridge/contracts';
import { Input, Serve, ServeReply } from '../api/serve';
import type { FastifyReply } from 'fastify';
import { ServiceIdentity } from '../config/service-identity';
import { HealthRegistry } from './health.registry';

@Controller()
export class HealthController {
  constructor(
    @Inject(ServiceIdentity) private readonly identity: ServiceIdentity,
    private readonly health: HealthRegistry,
  ) {}

  @Serve('GET /health/live')
  live(): { status: 'up'; service: string; uptimeMs: number } {
    return { status: 'up', service: this.identity.name, uptimeMs: Math.round(process.uptime() * 1_000) };
  }

  @ServeReply('GET /health/ready')
  async ready(
    @Input() _input: EndpointInput<'GET /health/ready'>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const readiness = await this.health.readiness(this.identity.name);
    await reply.status(readiness.status === 'down' ? 503 : 200).send(readiness);
  }
}
