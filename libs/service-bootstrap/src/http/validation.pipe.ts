import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldProblem } from '@tickbridge/contracts';
import type { z } from 'zod';
import { ProblemException } from './problem.exception';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** Zod reports unknown fields on their parent and lists them here. */
  readonly keys?: readonly string[];
}

/** PostgreSQL cannot store NUL nor half a character, and no name, reason or symbol has a use for them. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Checks `@Body`, `@Query` and `@Param` against the `schema` given there; a refusal names each field. */
export class InputPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues: readonly Issue[]) => refusal(issues.flatMap(fieldProblems)) });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const field = unstorableField(value);
    if (field !== undefined) {
      throw refusal([
        {
          field: field || (metadata.data ?? ''),
          message: 'expected text without NUL characters and halves of characters',
        },
      ]);
    }
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      // The value of a single parameter has no path of its own; its name is the parameter's.
      if (!(error instanceof ProblemException) || !error.fields || metadata.data === undefined) throw error;
      const name = metadata.data;
      throw refusal(error.fields.map((problem) => ({ ...problem, field: problem.field || name })));
    }
  }
}

/**
 * A part of a request as its schema reads it.
 *
 * @throws ProblemException 400 naming each field that is wrong or unknown
 */
export function checkInput(schema: z.ZodType, value: unknown): unknown {
  const field = unstorableField(value);
  if (field !== undefined)
    throw refusal([{ field, message: 'expected text without NUL characters and halves of characters' }]);
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw refusal(error.issues.flatMap(fieldProblems));
}

function refusal(fields: readonly FieldProblem[]): ProblemException {
  const list = fields.map(({ field, message }) => `${field || 'body'} (${message})`).join('; ');
  const detail = `The request has ${fields.length} invalid field${fields.length === 1 ? '' : 's'}: ${list}`;
  return new ProblemException(400, 'INVALID_INPUT', detail, fields);
}

function fieldProblems(issue: Issue): FieldProblem[] {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  if (!issue.keys) return [{ field: path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'unknown field' }));
}

/** Path of the first text that cannot be stored, empty for the value itself; `undefined` when there is none. */
function unstorableField(value: unknown): string | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? '' : undefined;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return undefined;
  for (const [key, part] of Object.entries(value)) {
    if (UNSTORABLE.test(key)) return key;
    const inner = unstorableField(part);
    if (inner !== undefined) return inner === '' ? key : `${key}.${inner}`;
  }
  return undefined;
}
