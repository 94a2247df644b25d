import { Injectable } from '@nestjs/common';
import { CacheService, cacheNamespace } from '@tickbridge/shared-cache';
import { DAY_MS, istDayStart } from '@tickbridge/trading-core';
import { z } from 'zod';
import { BrokerUnreachableError } from '../broker';
import { type Reply, ShareKhanClient } from './sharekhan.client';
import { EXCHANGE, ShareKhanOptions } from './sharekhan.options';

const master = cacheNamespace({
  name: 'sharekhan-master',
  version: 1,
  kind: 'instruments',
  schema: z.record(z.string(), z.number().int().positive()),
});

const rowSchema = z.object({
  scripCode: z.union([z.number(), z.string().transform(Number)]).pipe(z.number().int().positive()),
  tradingSymbol: z.string().transform((symbol) => symbol.trim()),
});

/** The list could not be had: what ShareKhan answered instead. */
export class MasterUnavailableError extends BrokerUnreachableError {
  constructor(readonly reply: Exclude<Reply, { kind: 'answer' }>) {
    const message =
      'message' in reply ? reply.message : 'evidence' in reply ? reply.evidence : 'access denied';
    super('INSTRUMENTS_UNAVAILABLE', `The instrument list cannot be had: ${message}`);
  }
}

/** ShareKhan's numbers of the instruments, from its master list of the day. */
@Injectable()
export class ShareKhanInstruments {
  constructor(
    private readonly options: ShareKhanOptions,
    private readonly client: ShareKhanClient,
    private readonly cache: CacheService,
  ) {}

  /**
   * @returns `undefined` for a symbol that is not listed today
   * @throws MasterUnavailableError while today's list is not to be had
   */
  async scripCode(symbol: string, token: string): Promise<number | undefined> {
    const now = Date.now();
    const today = istDayStart(now);
    const key = `${EXCHANGE}:${new URL(this.options.url).host}:${today}`;
    const failure: { reply?: Exclude<Reply, { kind: 'answer' }> } = {};
    const ttlMs = today + DAY_MS - now;
    try {
      const codes = await this.cache.getOrSet(master, key, () => this.load(token, failure), { ttlMs });
      return Object.hasOwn(codes, symbol) ? codes[symbol] : undefined;
    } catch (error) {
      if (failure.reply) throw new MasterUnavailableError(failure.reply);
      const message = error instanceof Error ? error.message : String(error);
      throw new BrokerUnreachableError('INSTRUMENTS_UNAVAILABLE', message);
    }
  }

  private async load(
    token: string,
    failure: { reply?: Exclude<Reply, { kind: 'answer' }> },
  ): Promise<Record<string, number>> {
    const path = `/skapi/services/master/${EXCHANGE}`;
    const reply = await this.client.call({ operation: 'master', path, token });
    if (reply.kind !== 'answer') {
      failure.reply = reply;
      throw new MasterUnavailableError(reply);
    }
    const rows = z.array(z.unknown()).parse(reply.data);
    const readable = rows.flatMap((row) => rowSchema.safeParse(row).data ?? []);
    if (readable.length === 0) throw new Error('expected instruments, came a list without a readable row');
    return Object.fromEntries(readable.map(({ tradingSymbol, scripCode }) => [tradingSymbol, scripCode]));
  }
}
