import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { jsonAnswer } from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, from, type Observable, throwError } from 'rxjs';
import { AccountLeases } from '../accounts/account-leases';
import { NotTradedHereError } from './not-traded-here.error';

/** Says that a request was forwarded once: two instances that each believe the other holds the account must not loop. */
const FORWARDED = 'x-tickbridge-forwarded';
/** Longest wait for the holder: it may have to ask a broker (milliseconds). */
const TIMEOUT_MS = 10_000;

/** Key that this service calls others with. */
export abstract class ForwardingKey {
  abstract readonly serviceKey: string;
}

/** What a person asks the waiting orchestrator for is done by the one that holds the account. */
@Injectable()
export class ForwardToHolder implements NestInterceptor {
  private readonly logger = new Logger('ForwardToHolder');

  constructor(
    private readonly leases: AccountLeases,
    private readonly key: ForwardingKey,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      catchError((error: unknown) => {
        const address =
          error instanceof NotTradedHereError && request.headers[FORWARDED] === undefined
            ? this.leases.addressOf(error.accountId)
            : undefined;
        return address === undefined
          ? throwError(() => error)
          : from(this.forward(address, request, reply, error as Error));
      }),
    );
  }

  private async forward(
    address: string,
    request: FastifyRequest,
    reply: FastifyReply,
    refusal: Error,
  ): Promise<unknown> {
    try {
      const answer = await fetch(`${address}${request.url}`, {
        method: request.method,
        headers: {
          authorization: `Bearer ${this.key.serviceKey}`,
          'content-type': 'application/json',
          [FORWARDED]: '1',
        },
        body: JSON.stringify(request.body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'manual',
      });
      const body = await jsonAnswer(answer);
      const type = answer.headers.get('content-type');
      void reply.status(answer.status);
      if (type !== null) void reply.header('content-type', type);
      return body;
    } catch (error) {
      // It may have died with the request in its hands: the same requestId asks again without doing it twice.
      this.logger.warn(`${address} holds the account and did not answer: ${rootMessage(error)}`);
      throw refusal;
    }
  }
}
