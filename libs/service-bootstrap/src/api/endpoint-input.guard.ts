import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Endpoint, type EndpointName, endpoints, takesBody } from '@tickbridge/contracts';
import type { FastifyRequest } from 'fastify';
import { checkInput } from '../http/validation.pipe';

/** Where a method's endpoint is noted. */
export const ENDPOINT = 'tickbridge:endpoint';

const inputs = new WeakMap<object, CheckedInput>();

interface CheckedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** Refuses what the table of endpoints does not take, before anything else of the endpoint runs. */
@Injectable()
export class EndpointInputGuard implements CanActivate {
  /** @throws ProblemException 400 naming each field that is wrong or unknown */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const endpoint: Endpoint = endpoints[endpointOf(context)];
    const { params, query, body } = endpoint;
    inputs.set(request.raw, {
      params: checkInput(params, request.params),
      query: checkInput(query, request.query),
      body: takesBody(endpoint) ? checkInput(body, request.body) : undefined,
    });
    return true;
  }
}

/** The endpoint that the method of a call serves. */
export function endpointOf(context: ExecutionContext): EndpointName {
  const name = Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointName | undefined;
  if (name !== undefined) return name;
  throw new TypeError(
    `${context.getClass().name}.${context.getHandler().name} serves no endpoint: add @Serve.`,
  );
}

/** The checked input of a request. */
export function inputOf(name: EndpointName, { raw }: FastifyRequest): CheckedInput {
  const input = inputs.get(raw);
  if (input !== undefined) return input;
  throw new TypeError(`The input of ${name} was not checked: its method needs @Serve.`);
}
