import { SIMULATED_HEADER } from '@tickbridge/contracts';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Fault } from './faults';
import { LastingFaults } from './faults';
import type { SimulatedMarket } from '../market/simulated-market';
import type { MarketEvent } from '../market/simulated-symbol';
import { badTick, malformedFrame } from './bad-frames';
import { bidAskFrame, loginAccepted, loginRefused, tradeFrame } from './truedata.encoder';
import { TrueDataSession } from './truedata.session';

export interface TrueDataServerOptions {
  /** Any user name is let in with this password. */
  password: string;
  maxSymbols: number;
  heartbeatMs: number;
  /** A login whose client vanished without logout stays taken for so long (ms). */
  ghostSessionMs: number;
}

/** TrueData's real-time feed on a socket, fed by the simulated market. */
export class TrueDataServer {
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly sessions = new Map<string, TrueDataSession>();
  private readonly ghosts = new Map<string, number>();
  private readonly faults: LastingFaults;
  private readonly heartbeatTimer: NodeJS.Timeout;
  private refusedLogins = 0;

  constructor(
    private readonly market: SimulatedMarket,
    private readonly options: TrueDataServerOptions,
    private readonly now: () => number = Date.now,
  ) {
    this.faults = new LastingFaults(now);
    this.sockets.on('headers', (headers) => headers.push(`${SIMULATED_HEADER}: true`));
    this.heartbeatTimer = setInterval(() => this.beat(), options.heartbeatMs);
  }

  /** Takes over an HTTP upgrade to `/?user=…&password=…`. */
  upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void {
    this.sockets.handleUpgrade(request, wire, head, (socket) => this.admit(request, wire, socket));
  }

  /** Sends events to whoever subscribed to their symbols. */
  broadcast(events: readonly { event: MarketEvent; frame: string }[]): void {
    if (this.faults.muted) return;
    for (const session of this.sessions.values()) {
      session.together(() => {
        for (const { event, frame } of events) {
          const { name } = event.symbol;
          if (session.wants(name) && !this.faults.isSilent(name)) session.send(frame);
        }
      });
    }
  }

  /** An event as it goes over the wire; made at the moment of the event, while the symbol shows its state. */
  static encode(event: MarketEvent): string {
    return event.kind === 'trade'
      ? tradeFrame(event.symbol, event.time, event.special)
      : bidAskFrame(event.symbol, event.time);
  }

  show(fault: Fault): void {
    switch (fault.kind) {
      case 'drop-connections':
        for (const socket of this.sockets.clients) socket.terminate();
        break;
      case 'mute':
        this.faults.mute(fault.durationMs);
        break;
      case 'refuse-login':
        this.faults.refuseLogins(fault.message, fault.durationMs);
        break;
      case 'silence-symbol':
        this.faults.silence(fault.symbol, fault.durationMs);
        break;
      case 'malformed-frames':
        this.toAll(fault.count, (index) => malformedFrame(index));
        break;
      case 'bad-ticks':
        this.toAll(fault.count, (_, symbol) => badTick(fault.tick, symbol, this.now()));
        break;
      case 'clear':
        this.faults.clear();
        break;
    }
  }

  status(): { sessions: { user: string; symbols: number; framesSent: number }[]; refusedLogins: number } {
    return {
      sessions: [...this.sessions.values()].map(({ user, symbols, framesSent }) => {
        return { user, symbols, framesSent };
      }),
      refusedLogins: this.refusedLogins,
    };
  }

  close(): void {
    clearInterval(this.heartbeatTimer);
    for (const socket of this.sockets.clients) socket.terminate();
    this.sockets.close();
  }

  private admit(request: IncomingMessage, wire: Duplex, socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    const query = new URL(request.url ?? '/', 'ws://simulator').searchParams;
    const user = query.get('user') ?? '';
    const refusal = this.refusalOf(user, query.get('password') ?? '');
    if (refusal !== undefined) {
      this.refusedLogins += 1;
      socket.send(loginRefused(refusal));
      socket.close(1000);
      return;
    }
    const session = new TrueDataSession(user, socket, wire, this.market, this.options.maxSymbols);
    this.sessions.set(user, session);
    socket.on('close', () => this.release(session));
    session.send(loginAccepted(this.options.maxSymbols));
  }

  private refusalOf(user: string, password: string): string | undefined {
    if (this.faults.loginRefusal !== undefined) return this.faults.loginRefusal;
    if (user === '' || password !== this.options.password) return 'Invalid User Credentials';
    const taken = this.sessions.has(user) || this.now() < (this.ghosts.get(user) ?? 0);
    return taken ? 'User Already Connected' : undefined;
  }

  private release(session: TrueDataSession): void {
    if (this.sessions.get(session.user) === session) this.sessions.delete(session.user);
    if (!session.loggedOut) this.ghosts.set(session.user, this.now() + this.options.ghostSessionMs);
  }

  private beat(): void {
    if (this.faults.muted) return;
    for (const session of this.sessions.values()) session.beat(this.now());
  }

  private toAll(count: number, frameOf: (index: number, symbol: string) => string): void {
    for (const session of this.sessions.values()) {
      const subscribed = [...this.market.symbols].filter(({ name }) => session.wants(name));
      for (let index = 0; index < count; index++) {
        const symbol = subscribed[index % Math.max(1, subscribed.length)];
        if (symbol !== undefined) session.send(frameOf(index, tradeFrame(symbol, this.now(), '')));
      }
    }
  }
}
