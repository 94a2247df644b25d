import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { tickToText, toIso, type Tick } from '@tickbridge/contracts';
import type { WholeMarket } from './whole-market';

/** Requests within this time share one answer (ms): far less than a person or a poller can tell apart. */
const SHARED_FOR_MS = 20;

/** How an answer may be packed, the smallest first. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** An answer as it goes out. */
export interface ReadyAnswer {
  readonly body: Buffer;
  readonly encoding: Encoding;
  /** The same for answers with the same ticks, and ages that differ by less than a second. */
  readonly etag: string;
}

/**
 * `GET /api/v1/market-data` as a ready buffer: serialised once per change instead of once per request, each tick only
 * when that tick changed, and packed once for all who take it packed.
 */
export class MarketDataAnswerCache {
  private readonly fragments = new Map<string, { tick: Tick; json: string }>();
  private bodies = new Map<Encoding, Buffer>();
  private etag = '';
  private changes = 0;
  private staleBefore = '';
  private builtAt = Number.NEGATIVE_INFINITY;
  /** Another process's answers never look like this one's. */
  private readonly mark = process.pid.toString(36) + Date.now().toString(36);

  constructor(
    private readonly market: WholeMarket,
    private readonly now: () => number = Date.now,
  ) {}

  /** A `MarketDataAnswer` as JSON. */
  ready(encoding: Encoding = 'identity'): ReadyAnswer {
    const now = this.now();
    if (now - this.builtAt >= SHARED_FOR_MS || now < this.builtAt) {
      this.bodies = new Map([['identity', Buffer.from(this.build(now))]]);
      this.builtAt = now;
    }
    return { body: this.packed(encoding), encoding, etag: this.etag };
  }

  private packed(encoding: Encoding): Buffer {
    const made = this.bodies.get(encoding);
    if (made) return made;
    const plain = this.bodies.get('identity') as Buffer;
    const body = encoding === 'br' ? brotliCompressSync(plain, FAST_BROTLI) : gzipSync(plain, { level: 1 });
    this.bodies.set(encoding, body);
    return body;
  }

  private build(now: number): string {
    const { newestReceivedAt, source, size } = this.market;
    const staleSymbols = this.market.staleSymbols(now);
    const ageMs = newestReceivedAt === null ? null : Math.max(0, now - newestReceivedAt);
    const head = JSON.stringify({
      success: newestReceivedAt !== null,
      source,
      asOf: newestReceivedAt === null ? null : toIso(newestReceivedAt),
      ageMs,
      symbolCount: size,
      staleSymbols,
    });
    const data = this.data();
    const stale = staleSymbols.join();
    if (stale !== this.staleBefore) this.changes += 1;
    this.staleBefore = stale;
    this.etag = `W/"${this.mark}-${this.changes}-${ageMs === null ? '' : Math.floor(ageMs / 1_000)}"`;
    return `${head.slice(0, -1)},"data":{${data}}}`;
  }

  private data(): string {
    const parts: string[] = [];
    for (const tick of this.market.ticks()) {
      let fragment = this.fragments.get(tick.symbol);
      // The tick itself, not its number: another term of the feed counts from the beginning.
      if (fragment?.tick !== tick) {
        this.changes += 1;
        fragment = {
          tick,
          json: `${JSON.stringify(tick.symbol)}:${tickToText(tick)}`,
        };
        this.fragments.set(tick.symbol, fragment);
      }
      parts.push(fragment.json);
    }
    return parts.join(',');
  }
}

/** A whole market takes a millisecond and becomes a tenth; more effort would gain little. */
const FAST_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** The best encoding a caller's `Accept-Encoding` allows. */
export function bestEncoding(accepted: string | undefined): Encoding {
  const allowed = new Map<string, number>();
  for (const each of accepted?.toLowerCase().split(',') ?? []) {
    const [name = '', quality] = each.trim().split(/\s*;\s*q=/);
    allowed.set(name, quality === undefined ? 1 : Number(quality));
  }
  const isAllowed = (name: string) => (allowed.get(name) ?? 0) > 0;
  if (isAllowed('br')) return 'br';
  return isAllowed('gzip') ? 'gzip' : 'identity';
}
