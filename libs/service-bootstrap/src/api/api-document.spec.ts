import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@tickbridge/contracts';
import { parse } from 'yaml';
import { apiDocument } from './api-document';

const DOCS = join(__dirname, '../../../../docs/api');

interface Media {
  schema?: object;
  example?: unknown;
  examples?: Record<string, { value?: unknown }>;
}
interface Answer {
  $ref?: string;
  content?: Record<string, Media>;
  'x-codes'?: string[];
}
interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: Record<string, unknown>[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
}
interface Specification {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer>; securitySchemes: object };
}

/** As a reader of the file gets it. */
const documentOf = (service: ServiceName) =>
  JSON.parse(JSON.stringify(apiDocument(service))) as Specification;

/** What an operation lacks, in words. */
function lacks(operation: Operation, { components }: Specification): string[] {
  const { operationId, summary, tags, security, requestBody, responses } = operation;
  const answers = Object.entries(responses);
  const success = answers.filter(([status]) => status.startsWith('2'));
  const problems = answers
    .filter(([status]) => /^[45]/.test(status))
    .map(([, { $ref }]) => components.responses[$ref?.split('/').at(-1) ?? '']);
  const shown = ({ example, examples = {} }: Media) =>
    example !== undefined || Object.values(examples).some(({ value }) => value !== undefined);
  const complete = (content: Record<string, Media>) =>
    Object.values(content).every((media) => media.schema !== undefined && shown(media));
  const rules: [string, boolean][] = [
    ['operationId', Boolean(operationId)],
    ['summary', Boolean(summary)],
    ['tag', tags?.length === 1],
    ['security', security !== undefined],
    ['answer', success.length === 1],
    [
      'schema and example of its answer',
      success.every(
        ([status, { content }]) => status === '204' || (content !== undefined && complete(content)),
      ),
    ],
    ['schema and example of its body', requestBody === undefined || complete(requestBody.content)],
    ['problems', problems.length > 0],
    ['codes of its problems', problems.every((problem) => (problem?.['x-codes'] ?? []).length > 0)],
    [
      'schema of its problems',
      problems.every((problem) => problem?.content?.['application/problem+json']?.schema !== undefined),
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([name]) => name);
}

describe.each(Object.keys(SERVICES) as ServiceName[])('the specification of %s', (service) => {
  const specification = documentOf(service);
  const operations = Object.entries(specification.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

  it('leaves nothing about an operation unsaid', () => {
    const unsaid = operations
      .map(({ name, operation }) => [name, lacks(operation, specification)] as const)
      .filter(([, missing]) => missing.length > 0);
    expect(unsaid).toEqual([]);
    expect(operations.length).toBeGreaterThan(10);
  });

  it('gives every operation an id of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('secures operations by schemes that it describes', () => {
    const used = new Set(
      operations.flatMap(({ operation }) => (operation.security ?? []).flatMap(Object.keys)),
    );
    expect(Object.keys(specification.components.securitySchemes).sort()).toEqual([...used].sort());
  });

  it('stands in docs/api as it is served; "npm run build" writes it', () => {
    expect(parse(readFileSync(join(DOCS, `${service}.yaml`), 'utf8'))).toEqual(specification);
  });
});

describe('the test of specifications', () => {
  it('finds everything that an operation leaves out', () => {
    const bare = { paths: {}, components: { responses: {}, securitySchemes: {} } };
    expect(lacks({ responses: { 200: {}, 404: { $ref: '#/components/responses/None' } } }, bare)).toEqual([
      'operationId',
      'summary',
      'tag',
      'security',
      'schema and example of its answer',
      'codes of its problems',
      'schema of its problems',
    ]);
    const body = { content: { 'application/json': { schema: {} } } };
    expect(lacks({ requestBody: body, responses: {} }, bare)).toEqual(
      expect.arrayContaining(['answer', 'schema and example of its body', 'problems']),
    );
  });
});
