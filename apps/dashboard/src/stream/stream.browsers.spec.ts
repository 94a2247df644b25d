import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveStreamEvents, Tick } from '@tickbridge/contracts';
import type { LiveMarketData } from '@tickbridge/shared-cache';
import { createParser } from 'eventsource-parser';
import { Registry } from 'prom-client';
import { Subject } from 'rxjs';
import { tick } from '../testing/market';
import { until } from '@tickbridge/shared-cache/testing';
import { StreamHub } from './stream.hub';

const BROWSERS = 200;
const SLOW = 20;
const ROUNDS = 80;
const SYMBOLS = Array.from({ length: 500 }, (_, at) => `SYMBOL-${at}`);
/** What the kernel and Node may hold for a browser that does not read, beside one round of prices (bytes). */
const HELD_AT_MOST = 1_048_576;

/** A browser on a real socket. It reads only when it is told to, if it is slow. */
class Browser {
  readonly prices = new Map<string, number>();
  readonly events: string[] = [];
  lastEventId: string | undefined;
  private response: IncomingMessage | undefined;

  constructor(
    private readonly port: number,
    private readonly slow = false,
  ) {}

  async open(lastEventId?: string): Promise<void> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    this.response = await new Promise<IncomingMessage>((resolve, reject) =>
      get({ host: '127.0.0.1', port: this.port, headers, agent: false }, resolve).on('error', reject),
    );
    const parser = createParser({
      onEvent: ({ event, data, id }) => {
        if (id !== undefined) this.lastEventId = id;
        if (event !== 'ticks') {
          this.events.push(event === 'resync' ? 'resync' : data);
          return;
        }
        const { quotes } = JSON.parse(data) as LiveStreamEvents['ticks'];
        for (const { symbol, lastPrice } of quotes) this.prices.set(symbol, lastPrice);
      },
    });
    this.response.setEncoding('utf8').on('data', (chunk: string) => parser.feed(chunk));
    if (this.slow) this.response.pause();
  }

  read(): void {
    this.response?.resume();
  }

  close(): void {
    this.response?.destroy();
  }
}

describe('two hundred browsers on the live stream', () => {
  const ticks$ = new Subject<readonly Tick[]>();
  const market = new Map<string, Tick>();
  const outputs: ServerResponse[] = [];
  let hub: StreamHub;
  let server: Server;
  let port: number;
  const browsers: Browser[] = [];

  const join = async (lastEventId?: string, slow = false): Promise<Browser> => {
    const browser = new Browser(port, slow);
    browsers.push(browser);
    await browser.open(lastEventId);
    return browser;
  };
  const trade = (price: number) => {
    const ticks = SYMBOLS.map((symbol) => tick(symbol, { lastPrice: price }));
    for (const each of ticks) market.set(each.symbol, each);
    ticks$.next(ticks);
    hub.flush();
  };
  const hasAll = (browser: Browser, price: number) =>
    SYMBOLS.every((symbol) => browser.prices.get(symbol) === price);

  beforeAll(async () => {
    const live = { ticks$, allInLocalTime: () => market, inLocalTime: (tick: Tick) => tick };
    hub = new StreamHub(live as unknown as LiveMarketData, new Registry());
    hub.onModuleInit();
    server = createServer((request, response) => {
      outputs.push(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const id = request.headers['last-event-id'];
      response.once('close', hub.add(response, null, typeof id === 'string' ? id : undefined));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });

  afterAll(async () => {
    for (const browser of browsers) browser.close();
    hub.onApplicationShutdown();
    await new Promise((resolve) => server.close(resolve));
  });

  it('see every symbol’s newest price, though some of them do not read', async () => {
    const slow = await Promise.all(Array.from({ length: SLOW }, () => join(undefined, true)));
    const fast = await Promise.all(Array.from({ length: BROWSERS - SLOW }, () => join()));
    expect(hub.clientCount).toBe(BROWSERS);
    for (let price = 1; price <= ROUNDS; price += 1) {
      trade(price);
      // As in life, time passes between two rounds; here as much as the sockets need.
      await new Promise(setImmediate);
    }
    await until('the fast ones have it all', () => fast.every((browser) => hasAll(browser, ROUNDS)), 30_000);
    // Eighty rounds of 100 kB were not piled up for those who do not read.
    expect(Math.max(...outputs.map(({ writableLength }) => writableLength))).toBeLessThan(HELD_AT_MOST);
    expect(slow.some((browser) => hasAll(browser, ROUNDS))).toBe(false);
    for (const browser of slow) browser.read();
    await until(
      'the slow ones caught up',
      () => {
        hub.flush();
        return slow.every((browser) => hasAll(browser, ROUNDS));
      },
      30_000,
    );
  }, 90_000);

  it('get what happened while their connection was broken, once', async () => {
    const browser = await join();
    const health = (text: string) => hub.announce('health', text as never);
    health('one');
    await until('it has the first', () => browser.events.length === 1);
    browser.close();
    health('two');
    health('three');
    const again = await join(browser.lastEventId);
    await until('it has the others', () => again.events.length === 2);
    expect(again.events.map((data) => JSON.parse(data) as string)).toEqual(['two', 'three']);
  });

  it('are told to read the lists anew when nobody knows what they missed', async () => {
    const browser = await join('another-7');
    await until('it was told', () => browser.events.length === 1);
    expect(browser.events).toEqual(['resync']);
  });
});
