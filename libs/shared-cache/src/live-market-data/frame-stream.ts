import { Readable } from 'node:stream';
import type { Frame } from './frame';
import { frameToText, snapshotToText } from './frame-text';
import type { LiveMarketPublisher } from './live-market.publisher';

/** Readers are the services of one platform; more clients than this are somebody's mistake. */
const MAX_CLIENTS = 64;
/** A client that lets more than this pile up gets no further frames, but a new snapshot once it has read them (bytes). */
const MAX_BUFFERED_BYTES = 512 * 1024;
/** A client that reads nothing for so long is cut off (milliseconds). */
const MAX_SILENCE_MS = 30_000;

/** One client's events. Frames are the same bytes for all; each only holds references to those it has not read. */
interface Client {
  readonly events: Readable;
  /** Since when it has not kept up (steady clock, milliseconds); `undefined` while it does. */
  behindSince: number | undefined;
}

/**
 * The HTTP bridge: frames as server-sent events, for a bounded number of clients.
 *
 * Each client first gets a `snapshot` event, then every `frame` from there on. One that does not keep up skips frames and
 * goes on from a new snapshot; one that does not read at all is cut off.
 */
export class FrameStream {
  private readonly clients = new Set<Client>();
  private snapshot: { key: string; event: Buffer } | undefined;

  constructor(private readonly publisher: LiveMarketPublisher) {
    publisher.frames$.subscribe({ next: (frame) => this.broadcast(frame), complete: () => this.close() });
  }

  get clientCount(): number {
    return this.clients.size;
  }

  /** A new client's events, ready to be sent as `text/event-stream`; `undefined` when there are too many already. */
  open(): Readable | undefined {
    if (this.clients.size >= MAX_CLIENTS) return undefined;
    const client: Client = {
      events: new Readable({ read: () => this.catchUp(client), highWaterMark: MAX_BUFFERED_BYTES }),
      behindSince: undefined,
    };
    client.events.push(this.snapshotEvent());
    this.clients.add(client);
    client.events.once('close', () => this.clients.delete(client));
    return client.events;
  }

  private broadcast(frame: Frame): void {
    if (this.clients.size === 0) return;
    // Made once, as bytes: a text would be copied for every client.
    const event = Buffer.from(
      `event: frame\nid: ${frame.epoch}:${frame.sequence}\ndata: ${frameToText(frame)}\n\n`,
    );
    const now = performance.now();
    for (const client of this.clients) {
      if (client.behindSince === undefined) {
        if (!client.events.push(event)) client.behindSince = now;
      } else if (now - client.behindSince > MAX_SILENCE_MS) client.events.destroy();
    }
  }

  /** The client has room again: it goes on from the present. */
  private catchUp(client: Client): void {
    if (client.behindSince === undefined) return;
    client.behindSince = undefined;
    client.events.push(this.snapshotEvent());
  }

  /** Of all clients that begin at the same point of the sequence the same bytes. */
  private snapshotEvent(): Buffer {
    const { epoch, sequence } = this.publisher.status();
    const key = `${epoch}:${sequence}`;
    if (this.snapshot?.key !== key) {
      const event = Buffer.from(`event: snapshot\ndata: ${snapshotToText(this.publisher.snapshot())}\n\n`);
      this.snapshot = { key, event };
    }
    return this.snapshot.event;
  }

  private close(): void {
    for (const { events } of this.clients) events.push(null);
  }
}
