import { Injectable } from '@nestjs/common';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Upstream, type ServiceName } from './upstream';

/** Headers of a service's answer that matter to the browser. */
const PASSED_ON = ['content-type', 'retry-after'];

/** Passes a request on to the service that owns the path, and its answer back unchanged. */
@Injectable()
export class Gateway {
  constructor(private readonly upstream: Upstream) {}

  /**
   * @param template the service's own path, `/api/v1/orders/:id`; parameters are taken from the request
   * @param body replaces the request's body
   * @param query replaces the request's query
   */
  async forward(
    service: ServiceName,
    template: string,
    request: FastifyRequest,
    reply: FastifyReply,
    body: unknown = request.body ?? undefined,
    query = new URLSearchParams(request.query as Record<string, string>),
  ): Promise<void> {
    const answer = await this.upstream.ask(service, {
      method: request.method,
      path: pathFrom(template, request.params as Record<string, string>),
      query,
      body,
    });
    void reply.status(answer.status);
    for (const name of PASSED_ON) {
      const value = answer.headers.get(name);
      if (value !== null) void reply.header(name, value);
    }
    await reply.send(answer.body);
  }
}

/** A parameter stays one segment of the path, whatever it holds. */
export function pathFrom(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(/:([a-z]+)/gi, (_, name: string) => {
    const value = params[name] ?? '';
    if (value === '' || value === '.' || value === '..') {
      throw new ProblemException(400, 'INVALID_INPUT', `${name} cannot be used in a path.`, [
        { field: name, message: 'expected a name' },
      ]);
    }
    return encodeURIComponent(value);
  });
}
