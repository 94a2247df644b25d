import { Injectable } from '@nestjs/common';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { RequestTokenError, swapRequestToken } from './sharekhan.cipher';
import { type Reply, ShareKhanClient } from './sharekhan.client';
import { ShareKhanOptions, VERSION_ID } from './sharekhan.options';

const accessSchema = z.object({
  token: z.string().min(8),
  customerId: z.union([z.string(), z.number().transform(String)]),
});

/** ShareKhan's daily login: the address of its page, and the exchange of what it sends back. */
@Injectable()
export class ShareKhanLogin {
  constructor(
    private readonly options: ShareKhanOptions,
    private readonly client: ShareKhanClient,
  ) {}

  address(state: string): string {
    const url = new URL(`${this.options.url}/skapi/auth/login.html`);
    url.search = new URLSearchParams({
      api_key: this.options.apiKey,
      state,
      version_id: VERSION_ID,
    }).toString();
    return url.toString();
  }

  /**
   * Exchanges a request token for an access token.
   *
   * @throws ProblemException 400 REQUEST_TOKEN_INVALID, 409 REQUEST_TOKEN_REFUSED, 502 or 503 when ShareKhan does not
   * answer as it should
   */
  async exchange(requestToken: string, state: string): Promise<{ token: string; customerId: string }> {
    const swapped = this.swap(requestToken);
    const reply = await this.client.call({
      operation: 'login',
      path: '/skapi/services/access/token',
      body: {
        apiKey: this.options.apiKey,
        requestToken: swapped.requestToken,
        state,
        versionId: VERSION_ID,
      },
    });
    if (reply.kind !== 'answer') throw problemOf(reply);
    const access = accessSchema.safeParse(reply.data);
    if (!access.success) throw notUnderstood();
    // The same customer as in the request token, whose tag was verified.
    if (access.data.customerId !== swapped.customerId) throw notUnderstood();
    return access.data;
  }

  private swap(requestToken: string) {
    try {
      return swapRequestToken(requestToken, this.options.secretKey);
    } catch (error) {
      if (!(error instanceof RequestTokenError)) throw error;
      throw new ProblemException(
        400,
        error.code,
        `This is no request token of this app: ${error.message}. Log in again.`,
      );
    }
  }
}

function problemOf(reply: Exclude<Reply, { kind: 'answer' }>): ProblemException {
  if (reply.kind === 'not-now') {
    return new ProblemException(503, reply.code, `${reply.message}. Log in again in a moment.`, undefined, {
      'retry-after': '5',
    });
  }
  if (reply.kind === 'unknown') return notUnderstood();
  const why = reply.kind === 'refused' ? reply.message : 'access denied';
  return new ProblemException(
    409,
    'REQUEST_TOKEN_REFUSED',
    `ShareKhan does not accept the request token (${why}). Each is good once: log in again.`,
  );
}

function notUnderstood(): ProblemException {
  return new ProblemException(
    502,
    'BROKER_ANSWER_UNREADABLE',
    'ShareKhan did not answer the login as it should. Log in again.',
  );
}
