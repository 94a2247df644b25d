import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VendorServer } from './vendor-server';

export const LOGIN = { key: 'PKTEST', secret: 'a-secret' };

/** Alpaca's two hosts, scripted by hand after its documentation. */
export class AlpacaVendor {
  readonly stream: VendorServer;
  /** Questions of the REST host, with their query. */
  readonly asked: URL[] = [];
  readonly keys: (string | string[] | undefined)[] = [];
  /** Answers by path; a path without one is 404. */
  answers = new Map<string, (query: URLSearchParams) => unknown>();
  pings = 0;
  /** What is answered to a login. */
  greet = true;
  loginAnswer: object = { T: 'success', msg: 'authenticated' };
  /** What is answered to a subscription; `undefined` takes it all. */
  refuse: (symbols: readonly string[]) => object | undefined = () => undefined;
  private readonly rest: Server;
  private subscribed: string[] = [];

  constructor() {
    this.stream = new VendorServer((socket) => {
      this.subscribed = [];
      socket.on('ping', () => (this.pings += 1));
      const send = (message: object) => socket.send(JSON.stringify([message]));
      if (this.greet) send({ T: 'success', msg: 'connected' });
      socket.on('message', (data) => {
        const command = JSON.parse(String(data)) as { action: string; trades?: string[] };
        if (command.action === 'auth') {
          send(this.loginAnswer);
          return;
        }
        const refusal = this.refuse([...this.subscribed, ...(command.trades ?? [])]);
        if (refusal === undefined) this.subscribed.push(...(command.trades ?? []));
        const { subscribed } = this;
        send(refusal ?? { T: 'subscription', trades: subscribed, quotes: subscribed, bars: subscribed });
      });
    });
    this.rest = createServer((request: IncomingMessage, response) => {
      const url = new URL(request.url ?? '/', 'http://vendor');
      this.asked.push(url);
      this.keys.push(request.headers['apca-api-key-id']);
      const answer = this.answers.get(url.pathname)?.(url.searchParams);
      response.statusCode = answer === undefined ? 404 : 200;
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(answer ?? { message: 'none' }));
    });
  }

  async listen(): Promise<{ url: string; restUrl: string; tradingUrl: string }> {
    await new Promise<void>((resolve) => this.rest.listen(0, '127.0.0.1', resolve));
    const restUrl = `http://127.0.0.1:${(this.rest.address() as AddressInfo).port}`;
    return { url: `${await this.stream.listen()}/v2/iex`, restUrl, tradingUrl: restUrl };
  }

  async close(): Promise<void> {
    await this.stream.close();
    this.rest.closeAllConnections();
    await new Promise((resolve) => this.rest.close(resolve));
  }
}
