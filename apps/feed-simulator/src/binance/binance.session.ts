import type { WebSocket } from 'ws';
import { z } from 'zod';
import { MAX_STREAMS, MessageRate } from './binance.limits';
import type { StreamFrame } from './recorded-stream';

const commandSchema = z.object({
  method: z.enum(['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS']),
  params: z.array(z.string()).default([]),
  id: z.union([z.number(), z.string(), z.null()]).default(null),
});

/** One client of the combined stream. */
export class BinanceSession {
  private readonly streams: Set<string>;
  private readonly rate = new MessageRate();

  constructor(
    private readonly socket: WebSocket,
    streams: readonly string[],
  ) {
    this.streams = new Set(streams);
    socket.on('message', (data) => {
      if (this.rate.exceeds(performance.now())) socket.close(1008, 'Too many requests');
      else this.obey(String(data));
    });
    this.closeAboveLimit();
  }

  /** A frame of the market; the client gets it when it subscribed to its stream. */
  offer({ stream, text }: StreamFrame): void {
    if (this.streams.has(stream)) this.send(text);
  }

  private obey(text: string): void {
    const command = commandSchema.safeParse(parseJson(text));
    if (!command.success) {
      this.send(JSON.stringify({ code: 2, msg: 'Invalid request: expected method, params and id' }));
      return;
    }
    const { method, params, id } = command.data;
    if (method === 'SUBSCRIBE') for (const stream of params) this.streams.add(stream);
    if (this.closeAboveLimit()) return;
    if (method === 'UNSUBSCRIBE') for (const stream of params) this.streams.delete(stream);
    this.send(JSON.stringify({ result: method === 'LIST_SUBSCRIPTIONS' ? [...this.streams] : null, id }));
  }

  private closeAboveLimit(): boolean {
    const isAbove = this.streams.size > MAX_STREAMS;
    if (isAbove) this.socket.close(1008, 'Too many subscriptions');
    return isAbove;
  }

  private send(text: string): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(text);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses `undefined`, and the client is told.
    return undefined;
  }
}
