import { Injectable } from '@nestjs/common';
import { type FeedsStatus, feedsStatusSchema, jsonAnswer } from '@tickbridge/contracts';

const TIMEOUT_MS = 800;
const KEEP_MS = 1_000;

/** Where market-data answers. */
export abstract class MarketDataAddress {
  abstract readonly url: string;
  abstract readonly internalApiKey: string;
}

/** The feeds' state, or why it could not be asked. */
export type FeedAnswer = { status: FeedsStatus } | { unreachable: string };

/** Asks market-data how the feeds are doing, at most once a second. */
@Injectable()
export class FeedStatusClient {
  private kept: { answer: Promise<FeedAnswer>; until: number } | undefined;

  constructor(private readonly address: MarketDataAddress) {}

  status(): Promise<FeedAnswer> {
    const now = Date.now();
    if (!this.kept || this.kept.until <= now) this.kept = { answer: this.ask(), until: now + KEEP_MS };
    return this.kept.answer;
  }

  private async ask(): Promise<FeedAnswer> {
    try {
      const answer = await fetch(`${this.address.url}/api/v1/feed/status`, {
        headers: { authorization: `Bearer ${this.address.internalApiKey}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!answer.ok) return { unreachable: `market-data answers HTTP ${answer.status}` };
      return { status: feedsStatusSchema.parse(await jsonAnswer(answer)) };
    } catch (error) {
      const reason = error instanceof Error ? (error.cause ?? error) : error;
      return {
        unreachable: `market-data is unreachable: ${reason instanceof Error ? reason.message : String(reason)}`,
      };
    }
  }
}
