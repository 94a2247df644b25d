import { HttpException } from '@nestjs/common';
import type { FieldProblem } from '@tickbridge/contracts';

/**
 * An answer other than success, on purpose: becomes an `application/problem+json` document.
 *
 * @param status HTTP status
 * @param code stable, upper-case reason (`SYMBOL_NOT_SUBSCRIBED`)
 * @param detail what was expected, what came, which option or step helps
 * @param fields rejected input fields
 */
export class ProblemException extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields?: readonly FieldProblem[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail, status);
  }
}
