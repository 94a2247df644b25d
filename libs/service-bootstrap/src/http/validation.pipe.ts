import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldProblem } from '@tickbridge/contracts';
import { ProblemException } from './problem.exception';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** Zod reports unknown fields on their parent and lists them here. */
  readonly keys?: readonly string[];
}

/** Checks `@Body`, `@Query` and `@Param` against the `schema` given there; a refusal names each field. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues: readonly Issue[]) => {
      const fields = issues.flatMap(fieldProblems);
      return new ProblemException(
        400,
        'INVALID_INPUT',
        `The request has ${fields.length} invalid field${fields.length === 1 ? '' : 's'}: ` +
          fields.map(({ field, message }) => `${field || 'body'} (${message})`).join('; '),
        fields,
      );
    },
  });
}

function fieldProblems(issue: Issue): FieldProblem[] {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  if (!issue.keys) return [{ field: path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'unknown field' }));
}
