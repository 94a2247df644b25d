import { Readable } from 'node:stream';
import type { Frame } from './frame';
import { frameToText, snapshotToText } from './frame-text';
import type { LiveMarketPublisher } from './live-market.publisher';

/** A client that lets more than this pile up is cut off and starts over with a snapshot (bytes). */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/**
 * The HTTP bridge: frames as server-sent events, for any number of clients.
 *
 * Each client first gets a `snapshot` event, then every `frame` from there on.
 */
export class FrameStream {
  private readonly clients = new Set<Readable>();

  constructor(private readonly publisher: LiveMarketPublisher) {
    publisher.frames$.subscribe({ next: (frame) => this.broadcast(frame), complete: () => this.close() });
  }

  get clientCount(): number {
    return this.clients.size;
  }

  /** A new client's events, ready to be sent as `text/event-stream`. */
  open(): Readable {
    const client = new Readable({ read: () => undefined, highWaterMark: MAX_BUFFERED_BYTES });
    client.push(`event: snapshot\ndata: ${snapshotToText(this.publisher.snapshot())}\n\n`);
    this.clients.add(client);
    client.once('close', () => this.clients.delete(client));
    return client;
  }

  private broadcast(frame: Frame): void {
    if (this.clients.size === 0) return;
    // One text for all clients.
    const event = `event: frame\nid: ${frame.epoch}:${frame.sequence}\ndata: ${frameToText(frame)}\n\n`;
    for (const client of this.clients) {
      if (!client.push(event)) client.destroy();
    }
  }

  private close(): void {
    for (const client of this.clients) client.push(null);
  }
}
