import {
  type DocumentedProblem,
  type Endpoint,
  ENDPOINT_NAMES,
  endpoints,
  isServedBy,
  problemList,
  problemsOf,
  routeOf,
  SERVICES,
  type ServiceName,
  TAGS,
  type Tag,
  takesBody,
} from '@tickbridge/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import { ApiSchemas } from './api-schemas';
import { ProblemAnswers } from './problem-answers';

type Operation = OpenAPIObject['paths'][string]['get'] & object;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

const SESSION = {
  type: 'apiKey',
  in: 'cookie',
  name: 'tickbridge_session',
  description: 'Set by POST /api/v1/auth/login; behind TLS its name begins with __Host-.',
} as const;
const BEARER = { type: 'http', scheme: 'bearer' } as const;

/** The specification (OpenAPI 3.1) of a service's endpoints, from the table. */
export function apiDocument(service: ServiceName): OpenAPIObject {
  const schemas = new ApiSchemas();
  const answers = new ProblemAnswers();
  const paths: OpenAPIObject['paths'] = {};
  const tags = new Set<Tag>();
  for (const name of ENDPOINT_NAMES) {
    const endpoint: Endpoint = endpoints[name];
    if (!isServedBy(endpoint, service)) continue;
    const { method, path } = routeOf(name);
    tags.add(endpoint.tag);
    const verb = method.toLowerCase() as Method;
    (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {})[verb] = {
      operationId: operationIdOf(method, path),
      tags: [endpoint.tag],
      summary: endpoint.summary,
      ...(endpoint.description !== undefined && { description: endpoint.description }),
      security: securityOf(endpoint, service, verb),
      parameters: parametersOf(endpoint, service, schemas),
      ...(takesBody(endpoint) && { requestBody: bodyOf(endpoint, service, schemas) }),
      responses: {
        ...answerOf(endpoint, schemas),
        ...problemsAnswered(problemList(problemsOf(method, endpoint, service)), answers),
      },
    } as Operation;
  }
  schemas.add('Problem');
  const { title, description } = SERVICES[service];
  return {
    openapi: '3.1.0',
    info: {
      title: `Tickbridge ${title}`,
      description,
      version: '1.0.0',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/' }],
    tags: [...tags].sort().map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: schemas.all(),
      responses: answers.all(),
      securitySchemes: {
        bearer: { ...BEARER, description: bearerOf(service) },
        ...(service === 'dashboard' && { session: SESSION }),
      },
    },
  };
}

/** `POST /api/v1/orders/:id/cancel` is `postOrdersByIdCancel`. */
function operationIdOf(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1/, '')
    .replace(/\/:(\w+)/g, '/by/$1')
    .split(/[/-]/)
    .filter((word) => word !== '');
  return (
    method.toLowerCase() + words.map((word) => (word[0] as string).toUpperCase() + word.slice(1)).join('')
  );
}

function bearerOf(service: ServiceName): string {
  return service === 'dashboard'
    ? 'A key of a script (POST /api/v1/keys), or INTERNAL_API_KEY.'
    : 'INTERNAL_API_KEY. While the service is bound to loopback, reads need none.';
}

function securityOf({ owner, access }: Endpoint, service: ServiceName, method: Method): object[] {
  if (service === 'dashboard') {
    return access.least === 'public' ? [] : [{ session: [] }, { bearer: [] }];
  }
  if (owner === 'every' || method === 'get') return [{}, { bearer: [] }];
  return [{ bearer: [] }];
}

function parametersOf(endpoint: Endpoint, service: ServiceName, schemas: ApiSchemas): object[] {
  const { params, query, filledIn } = endpoint;
  const inPath = Object.entries(params.shape).map(([name, schema]) => ({
    name,
    in: 'path',
    required: true,
    schema: schemas.input(schema as Endpoint['body']),
  }));
  const inQuery = Object.entries(query.shape)
    .filter(([name]) => !(service === 'dashboard' && name === filledIn))
    .map(([name, schema]) => {
      const required = !(schema as Endpoint['body']).safeParse(undefined).success;
      return { name, in: 'query', required, schema: schemas.input(schema as Endpoint['body']) };
    });
  return [...inPath, ...inQuery];
}

/** At the dashboard what it fills in itself is no part of the body. */
function bodyOf(endpoint: Endpoint, service: ServiceName, schemas: ApiSchemas): object {
  const { body, bodyExamples, filledIn } = endpoint;
  const hidden = service === 'dashboard' ? ['by', ...(filledIn === undefined ? [] : [filledIn])] : [];
  const schema = schemas.input(body, hidden);
  const examples = Object.entries(bodyExamples).map(([summary, example], at) => [
    `example${at + 1}`,
    { summary, value: without(example, hidden) },
  ]);
  return {
    required: true,
    content: { 'application/json': { schema, examples: Object.fromEntries(examples) } },
  };
}

function without(example: unknown, hidden: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(example as object).filter(([name]) => !hidden.includes(name)));
}

function answerOf({ status = 200, media, answer, answerExample }: Endpoint, schemas: ApiSchemas): object {
  const description = STATUS_CODES[status] ?? '';
  if (status === 204) return { 204: { description } };
  const content = { schema: schemas.output(answer), example: answerExample };
  const types = media ?? ['application/json'];
  return { [status]: { description, content: Object.fromEntries(types.map((type) => [type, content])) } };
}

/** One answer for each status, with its codes and when each comes. */
function problemsAnswered(problems: readonly DocumentedProblem[], answers: ProblemAnswers): object {
  const byStatus = new Map<number, DocumentedProblem[]>();
  for (const problem of problems) {
    byStatus.set(problem.status, [...(byStatus.get(problem.status) ?? []), problem]);
  }
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, answers.reference(status, some)]));
}
