import { Controller, Req, Res } from '@nestjs/common';
import { ENDPOINT_NAMES, endpoints, type EndpointName, isPassedOn } from '@tickbridge/contracts';
import { RouteOf } from '@tickbridge/service-bootstrap';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gateway } from './gateway';

type Handler = (this: PassedOnController, request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Everything that other services own and that people may ask for: a handler for each such endpoint of the table. The
 * owner checks the input itself, and its problems come back as they are.
 */
@Controller()
export class PassedOnController {
  constructor(readonly gateway: Gateway) {}
}

for (const name of ENDPOINT_NAMES) if (isPassedOn(endpoints[name])) addHandler(name);

function addHandler(name: EndpointName): void {
  const target = PassedOnController.prototype;
  const handler: Handler = function (request, reply) {
    return this.gateway.pass(name, request, reply);
  };
  const descriptor: TypedPropertyDescriptor<Handler> = { value: handler };
  Object.defineProperty(target, name, descriptor);
  RouteOf(name)(target, name, descriptor);
  Req()(target, name, 0);
  Res()(target, name, 1);
}
