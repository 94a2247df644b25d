import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiParam, ApiQuery } from '@nestjs/swagger';
import { z, type ZodObject, type ZodType } from 'zod';

/** What a passed-on request carries; the service that owns the path checks it. */
interface Request {
  /** Parameters of the path, by name. */
  path?: ZodObject;
  query?: ZodObject;
  body?: ZodType;
}

type OpenApiSchema = Parameters<typeof ApiBody>[0] extends infer Options
  ? Extract<Options, { schema: unknown }>['schema']
  : never;

/** Tells the API page what a passed-on route takes; nothing is checked here. */
export function AsksFor({ path, query, body }: Request): MethodDecorator {
  return applyDecorators(
    ...fieldsOf(path).map(({ name, schema }) =>
      ApiParam({ name, schema: schema as Extract<OpenApiSchema, { type?: unknown }> }),
    ),
    ...fieldsOf(query).map(({ name, schema }) => ApiQuery({ name, schema, required: false })),
    ...(body === undefined ? [] : [ApiBody({ schema: openApi(body) })]),
  );
}

function fieldsOf(fields: ZodObject | undefined): { name: string; schema: OpenApiSchema }[] {
  return Object.entries(fields?.shape ?? {}).map(([name, field]) => ({
    name,
    schema: openApi(field as ZodType),
  }));
}

function openApi(schema: ZodType): OpenApiSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'openapi-3.0',
    unrepresentable: 'any',
  }) as OpenApiSchema;
}
