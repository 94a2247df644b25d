import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** The vendor's limits, as its documentation and its users state them. */
const MAX_STREAMS = 1_024;
const MESSAGES_PER_SECOND = 5;
const MAX_URL_LENGTH = 8_004;
const MAX_MESSAGE_BYTES = 4_096;

/** Subscribes like Binance does, and punishes like it whoever goes beyond a limit. */
export class BinanceLimitsServer {
  /** Streams of each connection that stands. */
  readonly streams = new Map<WebSocket, Set<string>>();
  /** What was punished. */
  readonly violations: string[] = [];
  connectionsMade = 0;
  private readonly http: Server = createServer();
  private readonly sockets = new WebSocketServer({ noServer: true });

  /** @param refuses whether a name is refused by an error; most are taken unseen, as at the vendor */
  constructor(private readonly refuses: (stream: string) => boolean = () => false) {
    this.http.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
      if ((request.url ?? '').length > MAX_URL_LENGTH) {
        this.violations.push('414');
        wire.end('HTTP/1.1 414 URI Too Long\r\nConnection: close\r\n\r\n');
        return;
      }
      this.sockets.handleUpgrade(request, wire, head, (socket) => this.serve(request, socket));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /** Every stream that is subscribed over any connection. */
  subscribed(): Set<string> {
    return new Set([...this.streams.values()].flatMap((streams) => [...streams]));
  }

  /** Sends a trade to whoever subscribed to it. */
  trade(symbol: string, number: number, time: number): void {
    const stream = `${symbol.toLowerCase()}@trade`;
    const data = { e: 'trade', E: time, s: symbol, t: number, p: '1', q: '1', T: time, m: true, M: true };
    for (const [socket, streams] of this.streams) {
      if (streams.has(stream)) socket.send(JSON.stringify({ stream, data }));
    }
  }

  /** Cuts one connection off. */
  dropOne(): void {
    for (const socket of this.sockets.clients) {
      socket.terminate();
      return;
    }
  }

  private serve(request: IncomingMessage, socket: WebSocket): void {
    this.connectionsMade += 1;
    const asked = new URL(request.url ?? '/', 'ws://vendor').searchParams.get('streams') ?? '';
    const streams = new Set(asked.split('/').filter((stream) => stream !== ''));
    this.streams.set(socket, streams);
    const times: number[] = [];
    socket.on('close', () => this.streams.delete(socket));
    socket.on('message', (data) => {
      const now = performance.now();
      times.push(now);
      if (times.filter((time) => now - time < 1_000).length > MESSAGES_PER_SECOND) {
        this.violations.push('messages');
        socket.close(1008, 'Too many requests');
        return;
      }
      this.obey(socket, streams, String(data));
    });
  }

  private obey(socket: WebSocket, streams: Set<string>, text: string): void {
    const { params, id } = JSON.parse(text) as { params: string[]; id: number };
    if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
      // Dropped without a word, as at the vendor.
      this.violations.push('message length');
      return;
    }
    const bad = params.find(this.refuses);
    if (bad !== undefined) {
      socket.send(JSON.stringify({ error: { code: 2, msg: `Invalid request: ${bad}` }, id }));
      return;
    }
    for (const stream of params) streams.add(stream);
    if (streams.size > MAX_STREAMS) {
      this.violations.push('streams');
      socket.close(1008, 'Too many subscriptions');
      return;
    }
    socket.send(JSON.stringify({ result: null, id }));
  }
}
