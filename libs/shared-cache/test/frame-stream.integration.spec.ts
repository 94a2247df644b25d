import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Tick } from '@tickbridge/contracts';
import { Subject } from 'rxjs';
import type { Frame } from '../src/live-market-data/frame';
import { FrameStream } from '../src/live-market-data/frame-stream';
import type { LiveMarketPublisher } from '../src/live-market-data/live-market.publisher';
import { aTick } from './harness';

const SYMBOLS = 500;

/** A publisher whose frames the test makes. */
class Source {
  readonly frames$ = new Subject<Frame>();
  private sequence = 0;
  private ticks: Tick[] = [];

  status() {
    return { epoch: 'e', sequence: this.sequence };
  }

  snapshot() {
    return {
      epoch: 'e',
      sequence: this.sequence,
      flushedAt: 0,
      clockOffsetMs: null,
      barSequence: 0,
      ticks: this.ticks,
    };
  }

  next(): void {
    this.sequence += 1;
    this.ticks = Array.from({ length: SYMBOLS }, (_, at) =>
      aTick({ symbol: `S${at}`, sequence: this.sequence }),
    );
    const frame = {
      epoch: 'e',
      sequence: this.sequence,
      flushedAt: 0,
      clockOffsetMs: null,
      ticks: this.ticks,
      bars: [],
    };
    this.frames$.next(frame);
  }
}

describe('the stream of frames', () => {
  let source: Source;
  let stream: FrameStream;

  beforeEach(() => {
    source = new Source();
    stream = new FrameStream(source as unknown as LiveMarketPublisher);
    source.next();
  });

  const opened = (): Readable => {
    const events = stream.open();
    if (!events) throw new Error('the stream is full');
    return events;
  };

  it('serves a bounded number of clients, and another one when one has gone', async () => {
    const clients: Readable[] = [];
    for (let events = stream.open(); events; events = stream.open()) clients.push(events);
    expect(clients.length).toBe(64);
    clients[0]?.destroy();
    await once(clients[0] as Readable, 'close');
    expect(stream.open()).toBeDefined();
  });

  it('holds the same bytes for all clients that do not read, up to a bound, and gives them back', () => {
    const clients = Array.from({ length: 60 }, opened);
    for (let count = 0; count < 200; count += 1) source.next();
    // The bound and what was under way when it was reached; a frame is about 200 kB.
    for (const client of clients) expect(client.readableLength).toBeLessThan(1_500_000);
    const chunks = clients.map((client) => client.read() as Buffer | null);
    expect(chunks.every((chunk) => chunk !== null)).toBe(true);
    for (const client of clients) client.destroy();
  });

  it('gives a client that was too slow a new snapshot, and then goes on without a gap', () => {
    const client = opened();
    const names: string[] = [];
    for (let count = 0; count < 20; count += 1) source.next();
    client.on('data', (chunk: Buffer) => names.push(chunk.toString('utf8', 0, 17).split('\n', 1)[0] ?? ''));
    return new Promise<void>((resolve) =>
      setImmediate(() => {
        source.next();
        expect(names[0]).toBe('event: snapshot');
        expect(names.filter((name) => name === 'event: snapshot').length).toBe(2);
        expect(names.at(-1)).toBe('event: frame');
        resolve();
      }),
    );
  });
});
