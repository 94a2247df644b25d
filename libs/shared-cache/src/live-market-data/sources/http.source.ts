import { Logger } from '@nestjs/common';
import { type Bar, barSchema, type FeedName, jsonAnswer } from '@tickbridge/contracts';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { frameFromText, snapshotFromText } from '../frame-text';
import type { LiveSourceListener } from './live-source.listener';

const RETRY_MS = 500;
const REQUEST_TIMEOUT_MS = 2_000;

const barsAnswerSchema = z.object({ epoch: z.string(), bars: z.array(barSchema) });

/** market-data over HTTP: the stream of frames while Redis is away, and bars that were missed at any time. */
export class HttpSource {
  private readonly logger = new Logger('HttpSource');
  private readonly headers: Record<string, string>;
  private connection: AbortController | undefined;
  private heardAt = Number.NEGATIVE_INFINITY;
  private openedAt = Number.POSITIVE_INFINITY;

  private readonly baseUrl: string;
  private readonly feed: FeedName;

  constructor(
    {
      baseUrl,
      feed,
      internalApiKey,
    }: { baseUrl: string; feed: FeedName; internalApiKey: string | undefined },
    private readonly listener: LiveSourceListener,
  ) {
    this.baseUrl = baseUrl;
    this.feed = feed;
    this.headers = internalApiKey === undefined ? {} : { authorization: `Bearer ${internalApiKey}` };
  }

  /** Milliseconds since the last event; infinite before the first. */
  silenceMs(): number {
    return performance.now() - this.heardAt;
  }

  /** Milliseconds since the stream was asked for; negative while it is not. */
  openForMs(): number {
    return performance.now() - this.openedAt;
  }

  /** Opens the stream and keeps it open until `stop`. */
  start(): void {
    if (this.connection) return;
    const connection = new AbortController();
    this.connection = connection;
    this.openedAt = performance.now();
    void this.follow(connection.signal);
  }

  stop(): void {
    this.connection?.abort();
    this.connection = undefined;
    this.openedAt = Number.POSITIVE_INFINITY;
  }

  /** Starts over, so the next event is a snapshot. */
  restart(): void {
    this.stop();
    this.start();
  }

  /**
   * Closed bars after a sequence.
   *
   * @returns `undefined` when market-data runs another epoch by now
   * @throws when market-data cannot be reached or does not answer as agreed
   */
  async barsAfter(epoch: string, sequence: number): Promise<readonly Bar[] | undefined> {
    const query = new URLSearchParams({ feed: this.feed, epoch, after: String(sequence) });
    const response = await fetch(`${this.baseUrl}/api/v1/market-data/bars?${query}`, {
      headers: this.headers,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`market-data answered ${response.status}`);
    const answer = barsAnswerSchema.parse(await jsonAnswer(response));
    return answer.epoch === epoch ? answer.bars : undefined;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.readStream(signal);
      } catch (error) {
        if (!signal.aborted) this.logger.debug(`stream of market-data broke: ${(error as Error).message}`);
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  private async readStream(signal: AbortSignal): Promise<void> {
    const asked = performance.now();
    let roundTripMs: number | undefined;
    const response = await fetch(`${this.baseUrl}/api/v1/market-data/stream?feed=${this.feed}`, {
      headers: { ...this.headers, accept: 'text/event-stream' },
      signal,
    });
    if (!response.ok || !response.body) throw new Error(`market-data answered ${response.status}`);
    // The first event is made when the question arrives; what follows comes by itself.
    const takeRoundTrip = () => {
      const first = roundTripMs === undefined;
      roundTripMs ??= performance.now() - asked;
      return first ? roundTripMs : undefined;
    };
    const parser = createParser({
      onEvent: ({ event, data }) => this.deliver(event, data, takeRoundTrip()),
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
  }

  private deliver(event: string | undefined, data: string, roundTripMs: number | undefined): void {
    this.heardAt = performance.now();
    if (event === 'snapshot') {
      const snapshot = snapshotFromText(data);
      if (snapshot) this.listener.snapshot(snapshot, 'http', roundTripMs);
    } else if (event === 'frame') {
      const frame = frameFromText(data);
      if (frame) this.listener.frame(frame, 'http');
    }
  }
}
