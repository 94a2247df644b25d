import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { tickToLiveQuote, type LiveQuote, type LiveStreamEvents, type Tick } from '@tickbridge/contracts';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { LiveMarketData } from '@tickbridge/shared-cache';
import { Gauge } from 'prom-client';
import type { Subscription } from 'rxjs';
import { EventLog, type LoggedEvent } from './event-log';
import { formatEvent, StreamClient, type StreamOutput } from './stream.client';

/** Prices go out this often (ms): as fast as an eye can follow. */
const FLUSH_INTERVAL_MS = 250;

/** Without any event for this long a comment goes out, so that proxies keep the stream open (ms). */
const HEARTBEAT_INTERVAL_MS = 15_000;

/** Browsers on the live stream: what changed is made into text once, and written to all who keep up. */
@Injectable()
export class StreamHub implements OnModuleInit, OnApplicationShutdown {
  private readonly clients = new Set<StreamClient>();
  private readonly changed = new Map<string, Tick>();
  private readonly events = new EventLog();
  private subscription: Subscription | undefined;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly live: LiveMarketData,
    private readonly metrics: MetricsRegistry,
  ) {}

  onModuleInit(): void {
    this.subscription = this.live.ticks$.subscribe((ticks) => {
      if (this.clients.size === 0) return;
      for (const tick of ticks) this.changed.set(tick.symbol, tick);
    });
    this.timers = [
      setInterval(() => this.flush(), FLUSH_INTERVAL_MS),
      setInterval(() => this.beat(), HEARTBEAT_INTERVAL_MS),
    ];
    const gauge: Gauge = new Gauge({
      name: 'dashboard_stream_clients',
      help: 'Browsers on the live stream',
      registers: [this.metrics],
      collect: () => gauge.set(this.clients.size),
    });
  }

  onApplicationShutdown(): void {
    this.timers.forEach(clearInterval);
    this.subscription?.unsubscribe();
    for (const client of this.clients) client.close();
  }

  get clientCount(): number {
    return this.clients.size;
  }

  /**
   * Adds a browser; it gets the whole market first, then what it missed, then changes.
   *
   * @param lastEventId of the connection before, if there was one
   * @returns call it when the browser is gone
   */
  add(output: StreamOutput, owner: string | null, lastEventId?: string): () => void {
    const client = new StreamClient(output, owner);
    this.clients.add(client);
    client.sendEvent(formatTicks([...this.live.allInLocalTime().values()].map(tickToLiveQuote)));
    if (lastEventId !== undefined) this.resume(client, lastEventId);
    return () => this.clients.delete(client);
  }

  /** Tells every browser. */
  announce<Name extends keyof LiveStreamEvents>(name: Name, data: LiveStreamEvents[Name]): void {
    const event = this.events.add(name, data, formatEvent(name, data));
    for (const client of this.clients) client.sendEvent(event);
  }

  /** What was told last, for a browser that has just come. */
  history(count: number): { lastEventId: string | null; events: readonly LoggedEvent[] } {
    return { lastEventId: this.events.lastId, events: this.events.newest(count) };
  }

  /** Ends the streams of a session or key that has ended. */
  closeOwner(owner: string): void {
    for (const client of this.clients) if (client.owner === owner) client.close();
  }

  /** Sessions and keys with open streams. */
  owners(): ReadonlySet<string> {
    return new Set([...this.clients].flatMap(({ owner }) => owner ?? []));
  }

  /** @internal public for tests */
  flush(): void {
    if (this.clients.size === 0) return;
    const quotes = [...this.changed.values()].map((tick) => tickToLiveQuote(this.live.inLocalTime(tick)));
    this.changed.clear();
    const ready = formatTicks(quotes);
    for (const client of this.clients) client.sendQuotes(quotes, ready, formatTicks);
  }

  private resume(client: StreamClient, lastEventId: string): void {
    const missed = this.events.after(lastEventId);
    if (missed) for (const event of missed) client.sendEvent(event);
    else
      client.sendEvent(formatEvent('resync', { reason: 'what was missed meanwhile is not known any more' }));
  }

  private beat(): void {
    for (const client of this.clients) if (!client.slow) client.sendEvent(': alive\n\n');
  }
}

function formatTicks(quotes: LiveQuote[]): string {
  return formatEvent('ticks', { serverTime: Date.now(), quotes } satisfies LiveStreamEvents['ticks']);
}
