import { Injectable } from '@nestjs/common';
import {
  type Endpoint,
  endpoints,
  type EndpointName,
  namesCaller,
  routeOf,
  takesBody,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerName } from '../access/caller';
import { asObject } from './as-object';
import { sessionName } from './session-name';
import { Upstream } from './upstream';

/** Headers of a service's answer that matter to the browser. */
const PASSED_ON = ['content-type', 'content-disposition', 'retry-after'];

/** Passes requests on to the service that owns the endpoint, and its answers back unchanged. */
@Injectable()
export class Gateway {
  constructor(private readonly upstream: Upstream) {}

  async pass(name: EndpointName, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const endpoint: Endpoint = endpoints[name];
    const { owner } = endpoint;
    if (owner === 'every' || owner === 'dashboard') throw new TypeError(`${name} is the dashboard's own`);
    const answer = await this.upstream.ask(owner, {
      method: request.method,
      path: pathFrom(routeOf(name).path, request.params as Record<string, string>),
      query: queryOf(endpoint, request),
      body: bodyOf(endpoint, request),
    });
    void reply.status(answer.status);
    for (const header of PASSED_ON) {
      const value = answer.headers.get(header);
      if (value !== null) void reply.header(header, value);
    }
    await reply.send(answer.body);
  }
}

function queryOf({ query, filledIn }: Endpoint, request: FastifyRequest): URLSearchParams {
  const asked = new URLSearchParams(request.query as Record<string, string>);
  if (filledIn === 'session' && 'session' in query.shape) asked.set('session', sessionName(request));
  return asked;
}

/** Who acts, and in which session, is not the body's to say: it is told under the name of whoever was recognised. */
function bodyOf(endpoint: Endpoint, request: FastifyRequest): unknown {
  if (!takesBody(endpoint)) return request.body ?? undefined;
  if (namesCaller(endpoint)) return { ...asObject(request.body), by: callerName(request) };
  if (endpoint.filledIn === 'session') return { ...asObject(request.body), session: sessionName(request) };
  return request.body ?? undefined;
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
