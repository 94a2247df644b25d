import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { isDatabaseUnavailable } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { catchError, type Observable, throwError } from 'rxjs';

/** Answers 503 with a stable code when a request failed because PostgreSQL is away. */
@Injectable()
export class DatabaseProblemInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) =>
        throwError(() =>
          isDatabaseUnavailable(error)
            ? new ProblemException(503, 'DATABASE_UNAVAILABLE', 'PostgreSQL is away; try again.', undefined, {
                'retry-after': '5',
              })
            : error,
        ),
      ),
    );
  }
}
