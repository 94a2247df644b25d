import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SIMULATED_HEADER } from '@tickbridge/contracts';
import { WebSocketServer, type WebSocket } from 'ws';
import { barFields, eventMessage } from './alpaca.encoder';
import { type AlpacaPlan, AlpacaSession } from './alpaca.session';
import type { UsEvent, UsMarket } from './us-market';

const MINUTE_MS = 60_000;
/** Bars of a minute are sent so long after its end (ms). */
const BAR_DELAY_MS = 1_000;
const PING_INTERVAL_MS = 10_000;

export interface AlpacaServerOptions extends AlpacaPlan {
  /** A connection whose client vanished counts so long (ms). */
  readonly ghostSessionMs: number;
}

/** Alpaca's stream of US shares on a socket, fed by the simulated US market. */
export class AlpacaServer {
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly sessions = new Map<WebSocket, AlpacaSession>();
  private readonly pingTimer: NodeJS.Timeout;
  private ghostUntil = 0;
  private mutedUntil = 0;
  private nextBarsAt = 0;

  constructor(
    private readonly market: UsMarket,
    private readonly options: AlpacaServerOptions,
    private readonly now: () => number = Date.now,
  ) {
    this.sockets.on('headers', (headers) => headers.push(`${SIMULATED_HEADER}: true`));
    this.pingTimer = setInterval(() => {
      for (const socket of this.sessions.keys()) socket.ping();
    }, PING_INTERVAL_MS);
  }

  get connections(): number {
    return this.sessions.size;
  }

  /** Symbols of the client that is logged in. */
  get symbols(): number {
    return this.authenticated[0]?.symbols ?? 0;
  }

  /** Takes over an HTTP upgrade to `/v2/iex`. */
  upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void {
    this.sockets.handleUpgrade(request, wire, head, (socket) => this.serve(socket));
  }

  /** Lets the market run and sends what happens. */
  advance(now: number): void {
    const events: { event: UsEvent; message: object }[] = [];
    this.market.runTo(now, (event) => events.push({ event, message: eventMessage(event) }));
    if (now < this.mutedUntil) return;
    for (const session of this.authenticated) {
      session.send(
        events
          .filter(({ event }) =>
            session.wants(event.kind === 'quote' ? 'quotes' : 'trades', event.symbol.name),
          )
          .map(({ message }) => message),
      );
    }
    if (now >= this.nextBarsAt) this.sendBars(now);
  }

  mute(durationMs: number): void {
    this.mutedUntil = this.now() + durationMs;
  }

  unmute(): void {
    this.mutedUntil = 0;
  }

  dropConnections(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  close(): void {
    clearInterval(this.pingTimer);
    this.dropConnections();
    this.sockets.close();
  }

  private get authenticated(): AlpacaSession[] {
    return [...this.sessions.values()].filter(({ isAuthenticated }) => isAuthenticated);
  }

  private serve(socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    const session = new AlpacaSession(socket, this.options, {
      // One connection per key, and one that broke still counts for a while.
      admits: () => this.authenticated.length === 0 && this.now() >= this.ghostUntil,
    });
    this.sessions.set(socket, session);
    socket.on('close', (code) => {
      this.sessions.delete(socket);
      if (session.isAuthenticated && code === 1006)
        this.ghostUntil = this.now() + this.options.ghostSessionMs;
    });
  }

  /** The minute that is over, of every symbol in which something traded. */
  private sendBars(now: number): void {
    const minute = Math.floor((now - BAR_DELAY_MS) / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
    this.nextBarsAt = minute + 2 * MINUTE_MS + BAR_DELAY_MS;
    for (const session of this.authenticated) {
      const bars = [...this.market.symbols]
        .filter(({ name }) => session.wants('bars', name))
        .flatMap(({ name, minutes }) =>
          minutes
            .latest(2)
            .filter(({ start }) => start === minute)
            .map((bar) => ({ T: 'b', S: name, ...barFields(bar) })),
        );
      session.send(bars);
    }
  }
}
