import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { isDatabaseFull, isDatabaseUnavailable } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { catchError, type Observable, throwError } from 'rxjs';

/** Answers with a stable code when a request failed because PostgreSQL is away (503) or has no room (507). */
@Injectable()
export class DatabaseProblemInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(catchError((error: unknown) => throwError(() => databaseProblem(error) ?? error)));
  }
}

function databaseProblem(error: unknown): ProblemException | undefined {
  const retry = { 'retry-after': '5' };
  if (isDatabaseFull(error)) {
    const message = 'The disk of PostgreSQL is full and nothing was stored: make room, then try again.';
    return new ProblemException(507, 'DATABASE_FULL', message, undefined, retry);
  }
  if (isDatabaseUnavailable(error))
    return new ProblemException(
      503,
      'DATABASE_UNAVAILABLE',
      'PostgreSQL is away; try again.',
      undefined,
      retry,
    );
  return undefined;
}
