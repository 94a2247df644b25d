import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants';
import { Reflector } from '@nestjs/core';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { type CacheResponseOptions, policyOf } from './cache-policy';
import { type CacheableRequest, requestKey } from './request-key';
import { ResponseCacheClient } from './response-cache.client';
import {
  type Headers,
  matches,
  mayBeStored,
  type StoredResponse,
  storedResponseSchema,
  toStored,
} from './stored-response';

/** What is used of Fastify's reply. */
interface Reply {
  readonly statusCode: number;
  readonly sent: boolean;
  getHeaders(): Headers;
  header(name: string, value: unknown): Reply;
  code(statusCode: number): Reply;
}

/** One answer under way, for everybody who asks for it meanwhile. */
interface Outcome {
  /** `undefined`: the answer may be given to nobody but the one for whom it was made. */
  readonly response: StoredResponse | undefined;
  /** What the handler returned, where it ran. */
  readonly value?: unknown;
  readonly hit: boolean;
  /** Ends when the answer is where the next request finds it. */
  readonly kept: Promise<void>;
}

/**
 * Caches the answers of GET routes, with `ETag`, `Age` and `Cache-Control`, for all processes of a service.
 *
 * Answers are kept under path, sorted query and the caller's credentials, so that no caller ever gets what was made
 * for another, unless the route is `public`. Guards run for every request. Requests that come while an answer is
 * being made wait for it; a handler that fails, fails them all, and nothing is kept. Only answers with status 200 are
 * kept, and none that sets a cookie, says `no-store`, or is a stream.
 *
 * `CACHE_MANAGER.clear()` makes every answer count as gone, in all processes, and touches nothing else.
 */
@Injectable()
export class ResponseCacheInterceptor implements NestInterceptor {
  private readonly logger = new Logger('ResponseCache');
  private readonly underWay = new Map<string, Promise<Outcome>>();
  private readonly withoutPolicy = new Set<string>();

  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    private readonly responses: ResponseCacheClient,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const policy = await this.policyFor(context);
    if (policy === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<CacheableRequest>();
    const reply = context.switchToHttp().getResponse<Reply>();
    if (!mayBeStored(reply.getHeaders())) return next.handle();

    const generation = await this.responses.generation.current();
    const key =
      this.responses.keyPrefix + requestKey(this.responses.service, request, policy.public ?? false);
    const flight = `${generation} ${key}`;
    const joined = this.underWay.get(flight);
    const outcome = await (joined ??
      this.beginLoad(flight, () => this.answer(key, generation, policy, next, reply)));
    if (outcome.response) return of(send(outcome.response, outcome.hit, policy, request, reply));
    return joined ? next.handle() : of(outcome.value);
  }

  private async policyFor(context: ExecutionContext): Promise<CacheResponseOptions | undefined> {
    if (context.getType() !== 'http') return undefined;
    const { method } = context.switchToHttp().getRequest<CacheableRequest>();
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    if (this.reflector.get<boolean | undefined>(SSE_METADATA, context.getHandler())) return undefined;
    const policy = await policyOf(this.reflector, context);
    if (policy === undefined) this.warnOnce(`${context.getClass().name}.${context.getHandler().name}`);
    return policy;
  }

  private warnOnce(route: string): void {
    if (this.withoutPolicy.has(route)) return;
    this.withoutPolicy.add(route);
    this.logger.warn(`${route} is not cached: no life is stated, use @CacheResponse({ ttlMs })`);
  }

  private async beginLoad(flight: string, answer: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = answer();
    this.underWay.set(flight, outcome);
    void outcome
      .then(({ kept }) => kept)
      .catch(() => undefined)
      .finally(() => this.underWay.delete(flight));
    return outcome;
  }

  /** The answer that is kept, or else the handler's. */
  private async answer(
    key: string,
    generation: string,
    policy: CacheResponseOptions,
    next: CallHandler,
    reply: Reply,
  ): Promise<Outcome> {
    const found = storedResponseSchema.safeParse(await this.cache.get(key)).data;
    if (found?.generation === generation && Date.now() - found.askedAt < policy.ttlMs)
      return { response: found, hit: true, kept: Promise.resolve() };

    const headersBefore = { ...reply.getHeaders() };
    const askedAt = Date.now();
    const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const { statusCode, sent } = reply;
    const made = { value, statusCode, sent, headersBefore, headers: { ...reply.getHeaders() } };
    const response = toStored(made, askedAt, generation);
    const kept = response ? this.keep(key, response, askedAt + policy.ttlMs) : Promise.resolve();
    return { response, value, hit: false, kept };
  }

  private async keep(key: string, response: StoredResponse, endsAt: number): Promise<void> {
    // Cleared meanwhile: it would only take the place of a newer one.
    if (response.generation !== (await this.responses.generation.current())) return;
    const leftMs = Math.ceil(endsAt - Date.now());
    if (leftMs > 0) await this.cache.set(key, response, leftMs);
  }
}

/** @returns the body */
function send(
  { headers, etag, body, askedAt }: StoredResponse,
  hit: boolean,
  policy: CacheResponseOptions,
  request: CacheableRequest,
  reply: Reply,
): string | undefined {
  const held = matches(request.headers['if-none-match'], etag);
  // An answer without a body says what the one with it said, but nothing about a body.
  for (const [name, value] of Object.entries(headers)) {
    if (!held || !name.startsWith('content-')) reply.header(name, value);
  }
  const scope = policy.public ? 'public' : 'private';
  const already = reply.getHeaders();
  if (already['cache-control'] === undefined)
    reply.header('cache-control', `${scope}, max-age=${Math.floor(policy.ttlMs / 1_000)}`);
  if (!policy.public) {
    const vary = already['vary'];
    reply.header('vary', [vary, 'Authorization', 'Cookie'].filter((name) => name !== undefined).join(', '));
  }
  reply.header('etag', etag);
  reply.header('age', Math.max(0, Math.floor((Date.now() - askedAt) / 1_000)));
  reply.header('x-cache', hit ? 'HIT' : 'MISS');
  if (!held) return body;
  reply.code(304);
  return undefined;
}
