import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import { SIMULATED_HEADER } from '@tickbridge/contracts';
import { WebSocketServer, type WebSocket } from 'ws';
import { MAX_ADDRESS_LENGTH } from './binance.limits';
import { BinanceSession } from './binance.session';
import { type AggTrade, aggTradesOf } from './agg-trades';
import { Playback } from './playback';
import { recordedDecimals } from './exchange-info';
import { klinesOf, MINUTE_MS, type Kline } from './klines';

/** Binance pings every 20 s and expects an answer. */
const PING_INTERVAL_MS = 20_000;

export interface BinanceServerOptions {
  /** Recordings to serve; none leaves this protocol switched off. */
  files: readonly string[];
  /** 1 is the recorded pace. */
  speed: number;
}

/** Binance's combined stream on a socket, fed by recordings. */
export class BinanceServer {
  private readonly log = new Logger(BinanceServer.name);
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly pingTimer: NodeJS.Timeout;
  private readonly playback: Playback;
  private history: Promise<Map<string, Kline[]>> | undefined;
  private finest: ReturnType<typeof recordedDecimals> | undefined;
  private aggregates: Promise<Map<string, AggTrade[]>> | undefined;

  constructor(private readonly options: BinanceServerOptions) {
    this.sockets.on('headers', (headers) => headers.push(`${SIMULATED_HEADER}: true`));
    this.playback = new Playback(options.files, options.speed, (error) => {
      this.log.error(`recording ended early: ${error instanceof Error ? error.message : String(error)}`);
      for (const socket of this.sockets.clients) socket.close(1011);
    });
    this.pingTimer = setInterval(() => {
      for (const socket of this.sockets.clients) socket.ping();
    }, PING_INTERVAL_MS);
  }

  get enabled(): boolean {
    return this.options.files.length > 0;
  }

  get connections(): number {
    return this.sockets.clients.size;
  }

  /** Takes over an HTTP upgrade to `/stream?streams=a@trade/b@bookTicker`. */
  upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void {
    if ((request.url ?? '').length > MAX_ADDRESS_LENGTH) {
      wire.end('HTTP/1.1 414 URI Too Long\r\nConnection: close\r\n\r\n');
      return;
    }
    this.sockets.handleUpgrade(request, wire, head, (socket) => this.serve(request, socket));
  }

  /** One-minute candles by symbol: while the market is played those that are over, else all. */
  async klines(): Promise<Map<string, Kline[]>> {
    this.history ??= klinesOf(this.options.files);
    const all = await this.history;
    if (!this.playback.isRunning) return all;
    const { reachedAt } = this.playback;
    const isOver = ({ openTime }: Kline) => openTime + MINUTE_MS <= reachedAt;
    return new Map([...all].map(([symbol, klines]) => [symbol, klines.filter(isOver)]));
  }

  /** Finest prices and quantities by symbol, found in the recordings when first asked for. */
  decimals(): ReturnType<typeof recordedDecimals> {
    this.finest ??= recordedDecimals(this.options.files);
    return this.finest;
  }

  /** Aggregate trades by symbol, as far as the market has come. */
  async aggTrades(symbol: string): Promise<AggTrade[] | undefined> {
    this.aggregates ??= aggTradesOf(this.options.files);
    const { reachedAt } = this.playback;
    return (await this.aggregates).get(symbol)?.filter(({ recordedAt }) => recordedAt <= reachedAt);
  }

  dropConnections(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  close(): void {
    clearInterval(this.pingTimer);
    this.playback.stop();
    this.dropConnections();
    this.sockets.close();
  }

  private serve(request: IncomingMessage, socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    const streams = new URL(request.url ?? '/', 'ws://simulator').searchParams.get('streams') ?? '';
    const session = new BinanceSession(
      socket,
      streams.split('/').filter((stream) => stream !== ''),
    );
    socket.on(
      'close',
      this.playback.listen((frame) => session.offer(frame)),
    );
  }
}
