import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import {
  type EndpointAnswer,
  type EndpointInput,
  type EndpointName,
  endpoints,
  routeOf,
} from '@tickbridge/contracts';
import type { FastifyRequest } from 'fastify';
import { endpointOf, EndpointInputGuard, ENDPOINT, inputOf } from './endpoint-input.guard';

/** Lists may be given as ones that nobody changes any more; where nothing is answered, nothing is returned. */
type Given<Answer> = [Answer] extends [undefined]
  ? void
  : Answer extends (infer Item)[]
    ? readonly Item[]
    : { [Field in keyof Answer]: Answer[Field] extends (infer Item)[] ? readonly Item[] : Answer[Field] };
/** A method that answers an endpoint: its input first, whatever else it asks Nest for after that. */
type Handler<Name extends EndpointName, Result> = (
  ...parameters: [EndpointInput<Name>, ...never[]]
) => Result | Promise<Result>;

/**
 * Makes a method answer an endpoint of the table: route, status and the check of its input come from there.
 *
 * The method takes the input and returns the answer that the table says, or does not compile.
 */
export function Serve<Name extends EndpointName>(name: Name) {
  return <Method extends Handler<Name, Given<EndpointAnswer<Name>>>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    route(name)(target, key, descriptor);
  };
}

/** The same for a method that writes its answer itself: a stream, or bytes that are ready. */
export function ServeReply<Name extends EndpointName>(name: Name) {
  return <Method extends Handler<Name, void>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    route(name)(target, key, descriptor);
  };
}

/** Route and status of an endpoint, without the check of its input. */
export function RouteOf(name: EndpointName): MethodDecorator {
  const { method, path } = routeOf(name);
  return applyDecorators(
    SetMetadata(ENDPOINT, name),
    RequestMapping({ method: RequestMethod[method], path }),
    HttpCode(endpoints[name].status ?? 200),
  );
}

function route(name: EndpointName): MethodDecorator {
  return applyDecorators(RouteOf(name), UseGuards(EndpointInputGuard));
}

/** The endpoint's input: parameters of the path, query and body, checked. */
export const Input = createParamDecorator((_nothing: unknown, context: ExecutionContext) =>
  inputOf(endpointOf(context), context.switchToHttp().getRequest<FastifyRequest>()),
);
