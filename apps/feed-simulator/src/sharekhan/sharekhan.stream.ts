import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Acknowledgement } from './sharekhan.books';
import type { ShareKhanFaults } from './sharekhan.faults';
import type { ShareKhanLogins } from './sharekhan.logins';
import { shareKhanTime } from './sharekhan.rows';

/** Acknowledgements kept back to be told in another order. */
const REORDERED = 3;

/** ShareKhan's acknowledgement stream: tells a customer's own orders to whoever holds the customer's token. */
export class ShareKhanStream {
  private readonly sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly subscribers = new Map<WebSocket, string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private kept: (() => void)[] = [];

  constructor(
    private readonly logins: ShareKhanLogins,
    private readonly faults: ShareKhanFaults,
  ) {}

  /** Sockets that asked for acknowledgements. */
  get size(): number {
    return this.subscribers.size;
  }

  /** Takes over an HTTP upgrade to `/skstream/api/stream?ACCESS_TOKEN=…`. */
  upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void {
    const token = new URL(request.url ?? '/', 'ws://simulator').searchParams.get('ACCESS_TOKEN');
    const customerId = this.logins.customerOf(token ?? undefined);
    if (customerId === undefined) {
      wire.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.sockets.handleUpgrade(request, wire, head, (socket) => this.admit(socket, customerId));
  }

  tell({ order, state, trade }: Acknowledgement): void {
    const frame = JSON.stringify({
      status: 100,
      message: 'ack',
      timestamp: shareKhanTime(Date.now()),
      data: {
        AckState: state,
        CustomerID: order.request.customerId,
        SharekhanOrderID: order.orderId,
        ExchangeOrderID: order.exchangeOrderId,
        TradeQty: String(trade?.quantity ?? 0),
        TradePrice: String(trade?.price ?? 0),
        ErrorMessage: order.message,
      },
    });
    this.spoilt(() => this.send(order.request.customerId, frame));
  }

  drop(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.drop();
    this.sockets.close();
  }

  private admit(socket: WebSocket, customerId: string): void {
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.subscribers.delete(socket));
    socket.on('message', (data) => {
      const text = String(data);
      if (text === 'ping') socket.send('pong');
      else if (asksForAcknowledgements(text, customerId)) this.subscribers.set(socket, customerId);
    });
  }

  private send(customerId: string, frame: string): void {
    for (const [socket, subscriber] of this.subscribers) if (subscriber === customerId) socket.send(frame);
  }

  private spoilt(send: () => void): void {
    const fault = this.faults.acknowledgements;
    if (fault?.how !== 'reorder') this.letGo();
    switch (fault?.how) {
      case undefined:
        send();
        break;
      case 'duplicate':
        send();
        send();
        break;
      case 'late':
        this.later(send, fault.delayMs);
        break;
      case 'reorder':
        this.kept.unshift(send);
        if (this.kept.length >= REORDERED) this.letGo();
        break;
      case 'none':
        break;
    }
  }

  private letGo(): void {
    for (const send of this.kept.splice(0)) send();
  }

  private later(send: () => void, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      send();
    }, delayMs);
    this.timers.add(timer);
  }
}

function asksForAcknowledgements(text: string, customerId: string): boolean {
  try {
    const { action, value } = JSON.parse(text) as { action?: unknown; value?: unknown };
    return action === 'ack' && Array.isArray(value) && value.includes(customerId);
  } catch {
    // Nothing that was agreed on; the vendor says nothing either.
    return false;
  }
}
