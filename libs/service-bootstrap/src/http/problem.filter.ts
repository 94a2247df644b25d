import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FieldProblem, Problem } from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemException } from './problem.exception';

/** Fastify's own refusals carry a status and a code that starts with this. */
const FASTIFY_ERROR = 'FST_';

/** Turns every failure into a problem document; unexpected ones are logged and told without details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(exception: unknown, host: ArgumentsHost): void {
    // Over the Redis transport the exception travels back as a rejected reply instead.
    if (host.getType() !== 'http') throw exception;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = describeProblem(exception);
    if (problem.status >= 500 && !(exception instanceof ProblemException)) {
      this.logger.error(exception instanceof Error ? exception : new Error(String(exception)));
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (exception instanceof ProblemException) void reply.headers(exception.headers);
    sendProblem(problem, request, reply);
  }
}

/** Answers with a problem document. */
export function sendProblem(document: Problem, request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .status(document.status)
    .type('application/problem+json; charset=utf-8')
    .send({ ...document, instance: request.url.split('?', 1)[0] });
}

/** The problem document of any failure; unexpected ones are told without details. */
export function describeProblem(exception: unknown): Problem {
  if (exception instanceof ProblemException) {
    return problem(exception.getStatus(), exception.code, exception.detail, exception.fields);
  }
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    return problem(status, codeOf(status), exception.message);
  }
  const { statusCode, code, message } = exception as {
    statusCode?: number;
    code?: string;
    message?: string;
  };
  if (
    statusCode !== undefined &&
    statusCode < 500 &&
    (code?.startsWith(FASTIFY_ERROR) || statusCode === 400)
  ) {
    return problem(statusCode, codeOf(statusCode), message ?? 'The request cannot be read.');
  }
  return problem(500, 'INTERNAL_ERROR', 'The service failed to answer; its log has the reason.');
}

function problem(status: number, code: string, detail: string, fields?: readonly FieldProblem[]): Problem {
  return {
    type: `urn:tickbridge:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...(fields && { fields: [...fields] }),
  };
}

function codeOf(status: number): string {
  return (STATUS_CODES[status] ?? 'ERROR').toUpperCase().replace(/[^A-Z]+/g, '_');
}
