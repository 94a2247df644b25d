import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { SimulatedMarket } from '../market/simulated-market';
import { heartbeat, marketStatus, symbolsAdded, symbolsRemoved, touchlineRow } from './truedata.encoder';

const commandSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('addsymbol'), symbols: z.array(z.string()).max(1_500) }),
  z.object({ method: z.literal('removesymbol'), symbols: z.array(z.string()).max(1_500) }),
  z.object({ method: z.literal('getmarketstatus') }),
  z.object({ method: z.literal('logout') }),
]);

/** A client that reads this slowly is cut off, as vendors do (bytes). */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** One logged-in client. */
export class TrueDataSession {
  private readonly log = new Logger(TrueDataSession.name);
  private readonly subscribed = new Set<string>();
  /** Said good-bye, so its login is free at once. */
  loggedOut = false;
  framesSent = 0;

  constructor(
    readonly user: string,
    private readonly socket: WebSocket,
    /** Below the WebSocket; holds many frames back so that they leave in one system call. */
    private readonly wire: Duplex,
    private readonly market: SimulatedMarket,
    private readonly maxSymbols: number,
  ) {
    socket.on('message', (data) => this.obey(String(data)));
  }

  get symbols(): number {
    return this.subscribed.size;
  }

  wants(symbol: string): boolean {
    return this.subscribed.has(symbol);
  }

  /** Frames sent within `batch` leave together. */
  together(batch: () => void): void {
    this.wire.cork();
    batch();
    this.wire.uncork();
  }

  send(frame: string): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.log.warn('a client reads too slowly and is cut off');
      this.socket.terminate();
      return;
    }
    this.framesSent += 1;
    this.socket.send(frame);
  }

  beat(now: number): void {
    this.send(heartbeat(now));
  }

  private obey(text: string): void {
    const command = commandSchema.safeParse(parseJson(text));
    if (!command.success) {
      this.send(JSON.stringify({ success: false, message: 'Invalid request' }));
      return;
    }
    switch (command.data.method) {
      case 'addsymbol':
        this.add(command.data.symbols);
        break;
      case 'removesymbol':
        for (const name of command.data.symbols) this.subscribed.delete(name.toUpperCase());
        this.send(symbolsRemoved(command.data.symbols, this.subscribed.size));
        break;
      case 'getmarketstatus':
        this.send(marketStatus());
        break;
      case 'logout':
        this.loggedOut = true;
        this.socket.close(1000);
        break;
    }
  }

  private add(names: readonly string[]): void {
    const entries = names.map((name) => {
      const symbol = this.market.find(name);
      if (symbol === undefined) return name;
      if (this.subscribed.size >= this.maxSymbols) return `${name} symbol limit reached`;
      this.subscribed.add(symbol.name);
      return touchlineRow(symbol);
    });
    this.send(symbolsAdded(entries, this.subscribed.size));
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
