import type { WebSocket } from 'ws';
import { z } from 'zod';

const commandSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('auth'), key: z.string(), secret: z.string() }),
  z.object({
    action: z.enum(['subscribe', 'unsubscribe']),
    trades: z.array(z.string()).default([]),
    quotes: z.array(z.string()).default([]),
    bars: z.array(z.string()).default([]),
  }),
]);

/** So long a client has to log in (ms). */
const AUTH_LIMIT_MS = 10_000;
/** A client that reads this slowly is cut off (bytes). */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

type Channel = 'trades' | 'quotes' | 'bars';

export interface AlpacaPlan {
  readonly key: string;
  readonly secret: string;
  /** Symbols of trades and quotes together. */
  readonly maxSymbols: number;
}

/** What a session may ask its server. */
export interface AlpacaDoor {
  /** Whether this login may have another connection. */
  admits(session: AlpacaSession): boolean;
}

/** One client of the stream. */
export class AlpacaSession {
  private readonly channels: Record<Channel, Set<string>> = {
    trades: new Set(),
    quotes: new Set(),
    bars: new Set(),
  };
  private readonly timer: NodeJS.Timeout;
  isAuthenticated = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly plan: AlpacaPlan,
    private readonly door: AlpacaDoor,
  ) {
    socket.on('message', (data) => this.obey(String(data)));
    this.timer = setTimeout(() => this.end(404, 'auth timeout'), AUTH_LIMIT_MS);
    this.timer.unref();
    socket.once('close', () => clearTimeout(this.timer));
    this.send([{ T: 'success', msg: 'connected' }]);
  }

  get symbols(): number {
    return new Set([...this.channels.trades, ...this.channels.quotes]).size;
  }

  wants(channel: Channel, symbol: string): boolean {
    return this.channels[channel].has(symbol);
  }

  send(messages: readonly object[]): void {
    if (this.socket.readyState !== this.socket.OPEN || messages.length === 0) return;
    if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) this.end(407, 'slow client');
    else this.socket.send(JSON.stringify(messages));
  }

  private obey(text: string): void {
    const command = commandSchema.safeParse(parseJson(text));
    if (!command.success) this.refuse(400, 'invalid syntax');
    else if (command.data.action === 'auth') this.authenticate(command.data);
    else if (!this.isAuthenticated) this.refuse(401, 'not authenticated');
    else this.change(command.data);
  }

  private authenticate({ key, secret }: { key: string; secret: string }): void {
    if (this.isAuthenticated) this.refuse(403, 'already authenticated');
    else if (key !== this.plan.key || secret !== this.plan.secret) this.end(402, 'auth failed');
    else if (!this.door.admits(this)) this.end(406, 'connection limit exceeded');
    else {
      clearTimeout(this.timer);
      this.isAuthenticated = true;
      this.send([{ T: 'success', msg: 'authenticated' }]);
    }
  }

  private change(command: { action: 'subscribe' | 'unsubscribe' } & Record<Channel, string[]>): void {
    if (command.action === 'subscribe' && this.symbolsWith(command) > this.plan.maxSymbols) {
      this.refuse(405, 'symbol limit exceeded');
      return;
    }
    for (const channel of ['trades', 'quotes', 'bars'] as const) {
      for (const symbol of command[channel]) {
        if (command.action === 'subscribe') this.channels[channel].add(symbol);
        else this.channels[channel].delete(symbol);
      }
    }
    const [trades, quotes, bars] = [
      [...this.channels.trades],
      [...this.channels.quotes],
      [...this.channels.bars],
    ];
    this.send([
      {
        T: 'subscription',
        trades,
        quotes,
        bars,
        updatedBars: [],
        dailyBars: [],
        statuses: [],
        lulds: [],
        corrections: trades,
        cancelErrors: trades,
      },
    ]);
  }

  private symbolsWith({ trades, quotes }: Record<'trades' | 'quotes', string[]>): number {
    return new Set([...this.channels.trades, ...this.channels.quotes, ...trades, ...quotes]).size;
  }

  private refuse(code: number, msg: string): void {
    this.send([{ T: 'error', code, msg }]);
  }

  private end(code: number, msg: string): void {
    if (this.socket.readyState === this.socket.OPEN)
      this.socket.send(JSON.stringify([{ T: 'error', code, msg }]));
    this.socket.close(1000);
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
