import { Injectable } from '@nestjs/common';
import { parseJsonObject } from '@tickbridge/contracts';
import { CallLimiter } from './call-limiter';
import { ShareKhanMetrics } from './sharekhan.metrics';
import { ShareKhanOptions } from './sharekhan.options';

/** A call waits at most this long for its turn (milliseconds). */
const LONGEST_WAIT_MS = 2_000;
/** Longest words of the broker that are passed on (characters). */
const LONGEST_WORDS = 300;

/** What a call came to. */
export type Reply =
  /** A readable answer with status 200; `data` is not checked yet. */
  | { kind: 'answer'; data: unknown; message: string }
  /** 403: the token is dead. Nothing was done. */
  | { kind: 'denied' }
  /** Nothing was done, and it may be asked again later: 429, our own limit, or the broker was never reached. */
  | { kind: 'not-now'; code: 'BROKER_THROTTLED' | 'BROKER_UNREACHABLE'; message: string }
  /** 4xx: the broker does not do this. */
  | { kind: 'refused'; message: string }
  /** Whether it was done nobody knows. */
  | { kind: 'unknown'; evidence: string };

/** What `fetch` fails with before anything of the request has left. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Words that mean the same as 403, whatever the status. */
const DEAD_TOKEN = /incorrect .{0,3}api_key.{0,3} or .{0,3}access_token/i;

interface Call {
  /** For metrics: `order`, `report`. */
  operation: string;
  path: string;
  /** Makes it a POST. */
  body?: object;
  token?: string;
}

/**
 * ShareKhan's REST services. Tells what is known about a call, and never more: only the absence of a connection and the
 * broker's own refusal prove that nothing was done.
 */
@Injectable()
export class ShareKhanClient {
  private readonly limiter: CallLimiter;

  constructor(
    private readonly options: ShareKhanOptions,
    private readonly metrics: ShareKhanMetrics,
  ) {
    this.limiter = new CallLimiter(options.callsPerSecond);
  }

  /** Never rejects. Neither tokens nor keys are in what it answers. */
  async call(call: Call): Promise<Reply> {
    const reply = (await this.limiter.turn(LONGEST_WAIT_MS))
      ? await this.send(call)
      : ({ kind: 'not-now', code: 'BROKER_THROTTLED', message: 'Too many calls are waiting' } as const);
    this.metrics.count(call.operation, reply.kind);
    return reply;
  }

  private async send({ path, body, token }: Call): Promise<Reply> {
    const { apiKey, timeoutMs, url } = this.options;
    try {
      const response = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'api-key': apiKey,
          'content-type': 'application/json',
          ...(token !== undefined && { 'access-token': token }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'manual',
      });
      return this.read(response.status, response.headers.get('retry-after'), await response.text());
    } catch (error) {
      return failureOf(error, timeoutMs);
    }
  }

  private read(httpStatus: number, retryAfter: string | null, text: string): Reply {
    const answer: Envelope | undefined = parseJsonObject(text);
    // The envelope has a status of its own, which may say what HTTP's does not.
    const status = httpStatus === 200 && typeof answer?.status === 'number' ? answer.status : httpStatus;
    const message = wordsOf(answer) ?? `ShareKhan answers with status ${status}`;
    if (status === 403 || DEAD_TOKEN.test(message)) return { kind: 'denied' };
    if (status === 429) {
      const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
      this.limiter.refused(Number.isFinite(seconds) ? seconds * 1_000 : undefined);
      return { kind: 'not-now', code: 'BROKER_THROTTLED', message: 'ShareKhan answers 429: too many calls' };
    }
    this.limiter.accepted();
    if (status >= 400 && status < 500 && status !== 408) return { kind: 'refused', message };
    if (status !== 200 || answer === undefined) {
      const what = answer === undefined ? 'an unreadable answer' : message;
      return { kind: 'unknown', evidence: `status ${status}, ${what}` };
    }
    return { kind: 'answer', data: answer.data, message };
  }
}

interface Envelope {
  status?: unknown;
  message?: unknown;
  data?: unknown;
}

function wordsOf(answer: Envelope | undefined): string | undefined {
  return typeof answer?.message === 'string' ? answer.message.slice(0, LONGEST_WORDS) : undefined;
}

function failureOf(error: unknown, timeoutMs: number): Reply {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return { kind: 'unknown', evidence: `no answer within ${timeoutMs} ms` };
  const code = cause?.code ?? 'no reason given';
  if (NEVER_LEFT.has(code)) {
    return { kind: 'not-now', code: 'BROKER_UNREACHABLE', message: `ShareKhan cannot be reached (${code})` };
  }
  return { kind: 'unknown', evidence: `the connection failed (${code})` };
}
