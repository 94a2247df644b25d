import { Logger } from '@nestjs/common';
import { z } from 'zod';
import type { FeedSink } from '../feed-sink';
import type { VendorWord } from '../vendor-word';
import { type AlpacaLogin, askAlpaca } from './alpaca.rest';
import { parseSnapshots } from './alpaca.snapshots';

/** The free plan answers 200 questions a minute; two of them are asked here (ms). */
const POLL_INTERVAL_MS = 60_000;

const clockSchema = z.object({ is_open: z.boolean() });

export interface AlpacaPollerOptions extends AlpacaLogin {
  readonly restUrl: string;
  readonly tradingUrl: string;
  readonly feed: string;
  /** Those that the vendor has taken. */
  readonly symbols: () => readonly string[];
  readonly now: () => number;
}

/** Asks, while the feed stands, for what its stream does not tell: figures of the day, and whether the market is open. */
export class AlpacaPoller {
  private readonly log = new Logger(AlpacaPoller.name);
  private timer: NodeJS.Timeout | undefined;
  private failed = new Set<string>();

  constructor(
    private readonly options: AlpacaPollerOptions,
    private readonly sink: FeedSink,
    private readonly word: VendorWord,
  ) {}

  /** Asks now, and every minute from now on. */
  start(): void {
    this.stop();
    this.timer = setInterval(() => void this.poll(), POLL_INTERVAL_MS);
    this.timer.unref();
    void this.poll();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async poll(): Promise<void> {
    const asked = this.timer;
    const isWanted = () => this.timer === asked && asked !== undefined;
    await Promise.all([
      this.attempt('figures of the day', async () => {
        const { restUrl, feed, now } = this.options;
        const symbols = this.options.symbols();
        if (symbols.length === 0) return;
        const query = { symbols: symbols.join(','), feed };
        const answer = await askAlpaca(`${restUrl}/v2/stocks/snapshots`, query, this.options);
        if (!isWanted()) return;
        const wanted = new Set(symbols);
        for (const update of parseSnapshots(answer, now())) {
          if (wanted.has(update.symbol)) this.sink.accept(update);
        }
      }),
      this.attempt('market clock', async () => {
        const { tradingUrl, now } = this.options;
        const { is_open: isOpen } = clockSchema.parse(
          await askAlpaca(`${tradingUrl}/v2/clock`, {}, this.options),
        );
        if (isWanted()) this.word.hear(`US: ${isOpen ? 'open' : 'closed'}`, now());
      }),
    ]);
  }

  /** Prices come without it, so a failure is told once, until it works again. */
  private async attempt(what: string, ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
      this.failed.delete(what);
    } catch (error) {
      if (!this.failed.has(what)) this.log.warn(`no ${what}: ${(error as Error).message.slice(0, 200)}`);
      this.failed.add(what);
    }
  }
}
