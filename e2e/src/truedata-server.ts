import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * A TrueData server written from the protocol alone, sharing no code with the simulator: what the platform meets
 * when TRUEDATA_URL points elsewhere.
 */
export class TrueDataServer {
  readonly subscribed: string[] = [];
  logins: string[] = [];
  private session: WebSocket | undefined;
  private sequence = 0;
  private readonly idBySymbol = new Map<string, string>();

  /** @param priceAgeMs how long ago the prices were traded that it tells on subscription (milliseconds) */
  private constructor(
    private readonly server: WebSocketServer,
    private readonly priceAgeMs: number,
  ) {
    server.on('connection', (socket, request) => this.accept(socket, request.url ?? ''));
  }

  static async start(priceAgeMs = 0): Promise<TrueDataServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return new TrueDataServer(server, priceAgeMs);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  trade(symbol: string, price: number, quantity: number): void {
    this.sequence += 1;
    const bid = (price - 0.05).toFixed(2);
    const ask = (price + 0.05).toFixed(2);
    this.send({
      trade: [
        ...[
          this.idOf(symbol),
          istNow(),
          price.toFixed(2),
          String(quantity),
          price.toFixed(2),
          String(1_000 + this.sequence),
        ],
        ...['100', '120', '90', '99', '0', '0', '0', '', String(this.sequence), bid, '50', ask, '60'],
      ],
    });
  }

  /** A changed quote, without a trade. */
  quote(symbol: string, bid: number, ask: number): void {
    this.send({ bidask: [this.idOf(symbol), istNow(), bid.toFixed(2), '50', ask.toFixed(2), '60'] });
  }

  /** Ends the connection without a word, as a vendor's restart does. */
  drop(): void {
    this.session?.terminate();
  }

  stop(): void {
    for (const client of this.server.clients) client.terminate();
    this.server.close();
  }

  private accept(socket: WebSocket, url: string): void {
    const query = new URLSearchParams(url.slice(url.indexOf('?')));
    this.logins.push(query.get('user') ?? '');
    if (query.get('password') !== 'right') {
      socket.send(
        JSON.stringify({
          success: false,
          message: 'Invalid User Credentials',
          segments: null,
          maxsymbols: 0,
        }),
      );
      socket.close();
      return;
    }
    this.session = socket;
    const welcome = {
      message: 'TrueData Real Time Data Service',
      segments: ['EQ'],
      maxsymbols: 2,
      subscription: 'tick',
    };
    socket.send(JSON.stringify({ success: true, ...welcome, validity: '2099-01-01T00:00:00' }));
    const heartbeat = setInterval(
      () => this.send({ success: true, message: 'HeartBeat', timestamp: istNow() }),
      1_000,
    );
    socket.once('close', () => clearInterval(heartbeat));
    socket.on('message', (data) =>
      this.answer(JSON.parse(String(data)) as { method: string; symbols?: string[] }),
    );
  }

  private answer({ method, symbols = [] }: { method: string; symbols?: string[] }): void {
    if (method !== 'addsymbol') return;
    this.subscribed.push(...symbols);
    const rows = symbols.map((symbol) => [
      ...[
        symbol,
        this.idOf(symbol),
        istTime(Date.now() - this.priceAgeMs),
        '100',
        '0',
        '100',
        '1000',
        '100',
        '120',
        '90',
        '99',
        '0',
        '0',
        '0',
      ],
      ...['99.95', '50', '100.05', '60'],
    ]);
    const total = this.subscribed.length;
    this.send({
      success: true,
      message: 'symbols added',
      symbolsadded: rows.length,
      symbollist: rows,
      totalsymbolsubscribed: total,
    });
  }

  private idOf(symbol: string): string {
    const id = this.idBySymbol.get(symbol) ?? String(100_000 + this.idBySymbol.size);
    this.idBySymbol.set(symbol, id);
    return id;
  }

  private send(frame: object): void {
    if (this.session?.readyState === 1) this.session.send(JSON.stringify(frame));
  }
}

function istNow(): string {
  return istTime(Date.now());
}

/** India's time of day without a zone, to the second, as the vendor writes it. */
function istTime(timeMs: number): string {
  return new Date(timeMs + 5.5 * 3_600_000).toISOString().slice(0, 19);
}
