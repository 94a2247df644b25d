import { SIMULATED_HEADER } from '@tickbridge/contracts';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** A socket server a test scripts by hand; it knows no vendor's protocol. */
export class VendorServer {
  readonly received: string[] = [];
  readonly requests: string[] = [];
  readonly attemptTimes: number[] = [];
  private refusals = 0;
  private readonly http: Server = createServer();
  private readonly sockets = new WebSocketServer({ server: this.http });

  /** @param admit called for each connection */
  constructor(admit: (socket: WebSocket, request: IncomingMessage) => void) {
    this.sockets.on('connection', (socket, request) => {
      this.requests.push(request.url ?? '');
      if (this.refusals > 0) {
        this.refusals -= 1;
        socket.terminate();
        return;
      }
      this.attemptTimes.push(performance.now());
      socket.on('message', (data) => this.received.push(String(data)));
      admit(socket, request);
    });
  }

  /** Says from now on that its prices are not real. */
  announceSimulated(): void {
    this.sockets.on('headers', (headers) => headers.push(`${SIMULATED_HEADER}: true`));
  }

  /** Cuts the next connection off as soon as it is made. */
  refuseNext(): void {
    this.refusals += 1;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.sockets.clients.size;
  }

  sendToAll(frame: unknown): void {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    for (const socket of this.sockets.clients) socket.send(text);
  }

  dropAll(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.dropAll();
    this.sockets.close();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
