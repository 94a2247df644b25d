import { tickToJson, toIso } from '@tickbridge/contracts';
import type { MarketDataPipeline } from './market-data.pipeline';

/** Requests within this time share one answer (ms): far less than a person or a poller can tell apart. */
const SHARED_FOR_MS = 20;

/**
 * `GET /api/v1/market-data` as a ready buffer: serialised once per change instead of once per request, and
 * each tick only when that tick changed.
 */
export class MarketDataAnswerCache {
  private readonly fragments = new Map<string, { sequence: number; json: string }>();
  private buffer = Buffer.alloc(0);
  private builtAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly pipeline: MarketDataPipeline,
    private readonly now: () => number = Date.now,
  ) {}

  /** A `MarketDataAnswer` as JSON. */
  json(): Buffer {
    const now = this.now();
    if (now - this.builtAt >= SHARED_FOR_MS || now < this.builtAt) {
      this.buffer = Buffer.from(this.build(now));
      this.builtAt = now;
    }
    return this.buffer;
  }

  private build(now: number): string {
    const { newestTick, symbolsWithPrice } = this.pipeline;
    const head = JSON.stringify({
      success: newestTick !== undefined,
      source: newestTick === undefined ? 'none' : 'in-process',
      asOf: newestTick === undefined ? null : toIso(newestTick.receivedAt),
      ageMs: newestTick === undefined ? null : Math.max(0, now - newestTick.receivedAt),
      symbolCount: symbolsWithPrice,
    });
    return `${head.slice(0, -1)},"data":{${this.data()}}}`;
  }

  private data(): string {
    const parts: string[] = [];
    for (const tick of this.pipeline.ticks()) {
      let fragment = this.fragments.get(tick.symbol);
      if (fragment?.sequence !== tick.sequence) {
        fragment = {
          sequence: tick.sequence,
          json: `${JSON.stringify(tick.symbol)}:${JSON.stringify(tickToJson(tick))}`,
        };
        this.fragments.set(tick.symbol, fragment);
      }
      parts.push(fragment.json);
    }
    return parts.join(',');
  }
}
