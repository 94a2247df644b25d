import { Injectable } from '@nestjs/common';
import { decimalOf } from '@tickbridge/contracts';
import { CacheService, cacheNamespace } from '@tickbridge/shared-cache';
import { DAY_MS, istDayStart } from '@tickbridge/trading-core';
import { z } from 'zod';
import { BrokerUnreachableError } from '../broker';
import { type Reply, ShareKhanClient } from './sharekhan.client';
import { EXCHANGE, ShareKhanOptions } from './sharekhan.options';

/** How ShareKhan lists a symbol. */
const listingSchema = z.object({
  scripCode: z.number().int().positive(),
  /** `null` where its list has no number there. */
  lotSize: z.number().positive().nullable(),
  tickSize: z.number().positive().nullable(),
});
export type ShareKhanListing = z.infer<typeof listingSchema>;

const master = cacheNamespace({
  name: 'sharekhan-master',
  version: 2,
  kind: 'instruments',
  schema: z.record(z.string(), listingSchema),
});

/** Numbers come as numbers and as texts. */
const step = z
  .union([z.number(), z.string().transform(decimalOf)])
  .pipe(z.number().positive())
  .nullable()
  .catch(null)
  .default(null);

const rowSchema = z.object({
  scripCode: z.union([z.number(), z.string().transform(decimalOf)]).pipe(z.number().int().positive()),
  tradingSymbol: z
    .string()
    .transform((symbol) => symbol.trim().toUpperCase())
    .pipe(z.string().min(1)),
  /** `EQ` trades normally; others of the same name are delivery only, or an auction. */
  instType: z.string().catch(''),
  lotSize: step,
  tickSize: step,
});

/** The list could not be had: what ShareKhan answered instead. */
export class MasterUnavailableError extends BrokerUnreachableError {
  constructor(readonly reply: Exclude<Reply, { kind: 'answer' }>) {
    const message =
      'message' in reply ? reply.message : 'evidence' in reply ? reply.evidence : 'access denied';
    super('INSTRUMENTS_UNAVAILABLE', `The instrument list cannot be had: ${message}`);
  }
}

/** What ShareKhan trades, and under which numbers, from its master list of the day. */
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
  async listing(symbol: string, token: string): Promise<ShareKhanListing | undefined> {
    const { key, ttlMs } = this.today();
    const failure: { reply?: Exclude<Reply, { kind: 'answer' }> } = {};
    try {
      const list = await this.cache.getOrSet(master, key, () => this.load(token, failure), { ttlMs });
      return Object.hasOwn(list, symbol) ? list[symbol] : undefined;
    } catch (error) {
      if (failure.reply) throw new MasterUnavailableError(failure.reply);
      const message = error instanceof Error ? error.message : String(error);
      throw new BrokerUnreachableError('INSTRUMENTS_UNAVAILABLE', message);
    }
  }

  /** The same from a list that was read today: `null` when it lacks the symbol, `undefined` when none was read. */
  async knownListing(symbol: string): Promise<ShareKhanListing | null | undefined> {
    const list = await this.cache.get(master, this.today().key);
    if (!list) return undefined;
    return (Object.hasOwn(list, symbol) ? list[symbol] : undefined) ?? null;
  }

  private today(): { key: string; ttlMs: number } {
    const now = Date.now();
    const today = istDayStart(now);
    return { key: `${EXCHANGE}:${new URL(this.options.url).host}:${today}`, ttlMs: today + DAY_MS - now };
  }

  private async load(
    token: string,
    failure: { reply?: Exclude<Reply, { kind: 'answer' }> },
  ): Promise<Record<string, ShareKhanListing>> {
    const path = `/skapi/services/master/${EXCHANGE}`;
    const reply = await this.client.call({ operation: 'master', path, token });
    if (reply.kind !== 'answer') {
      failure.reply = reply;
      throw new MasterUnavailableError(reply);
    }
    return readMaster(reply.data);
  }
}

/** Listings by symbol; a row that cannot be read costs itself only. @throws Error when none can be read */
export function readMaster(data: unknown): Record<string, ShareKhanListing> {
  const rows = z.array(z.unknown()).parse(data);
  const readable = rows.flatMap((row) => rowSchema.safeParse(row).data ?? []);
  if (readable.length === 0) throw new Error('expected instruments, came a list without a readable row');
  const listings = new Map<string, ShareKhanListing>();
  const normal = readable.filter(({ instType }) => instType === 'EQ');
  for (const { tradingSymbol, instType: _, ...listing } of [...normal, ...readable]) {
    if (!listings.has(tradingSymbol)) listings.set(tradingSymbol, listing);
  }
  return Object.fromEntries(listings);
}
