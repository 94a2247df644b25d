import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';
import { ProblemException } from './problem.exception';

/** How failures of the database are told from others. */
interface DatabaseFailures {
  readonly isDatabaseFull: (error: unknown) => boolean;
  readonly isDatabaseUnavailable: (error: unknown) => boolean;
}

/** Answers with a stable code when a request failed because PostgreSQL is away (503) or has no room (507). */
export class DatabaseProblemInterceptor implements NestInterceptor {
  constructor(private readonly failures: DatabaseFailures) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(catchError((error: unknown) => throwError(() => this.problemOf(error) ?? error)));
  }

  private problemOf(error: unknown): ProblemException | undefined {
    const retry = { 'retry-after': '5' };
    if (this.failures.isDatabaseFull(error)) {
      const message = 'The disk of PostgreSQL is full and nothing was stored: make room, then try again.';
      return new ProblemException(507, 'DATABASE_FULL', message, undefined, retry);
    }
    if (!this.failures.isDatabaseUnavailable(error)) return undefined;
    const message = 'PostgreSQL is away; try again.';
    return new ProblemException(503, 'DATABASE_UNAVAILABLE', message, undefined, retry);
  }
}
