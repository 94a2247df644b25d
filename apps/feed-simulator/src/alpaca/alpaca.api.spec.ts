import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SIMULATED_HEADER } from '@tickbridge/contracts';
import { createApp } from '@tickbridge/service-bootstrap';
import { until } from '@tickbridge/shared-cache/testing';
import request from 'supertest';
import WebSocket from 'ws';
import { simulator } from '../simulator.definition';

const KEY = 'a-key-for-the-tests';
const AUTH = { action: 'auth', key: 'simulated-key', secret: 'simulated-secret' };
const HEADERS = { 'apca-api-key-id': AUTH.key, 'apca-api-secret-key': AUTH.secret };

type Message = Record<string, unknown>;

/** A client that remembers what it was sent. */
class Client {
  readonly messages: Message[] = [];
  readonly socket: WebSocket;
  isSimulated = false;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('upgrade', ({ headers }) => (this.isSimulated = headers[SIMULATED_HEADER] === 'true'));
    this.socket.on('message', (data) => this.messages.push(...(JSON.parse(String(data)) as Message[])));
    this.socket.on('error', () => undefined);
  }

  get closed(): boolean {
    return this.socket.readyState === WebSocket.CLOSED;
  }

  of(kind: string): Message[] {
    return this.messages.filter(({ T }) => T === kind);
  }

  async say(command: object, kind: string): Promise<Message> {
    const before = this.of(kind).length;
    this.socket.send(JSON.stringify(command));
    await until(`an answer of kind ${kind}`, () => this.of(kind).length > before);
    return this.of(kind).at(-1) as Message;
  }
}

describe('simulated Alpaca', () => {
  const directory = mkdtempSync(join(tmpdir(), 'alpaca-'));
  let app: NestFastifyApplication;
  let address: string;
  const clients: Client[] = [];
  const http = () => request(app.getHttpServer());
  const connect = async () => {
    const client = new Client(`ws://${address}/v2/iex`);
    clients.push(client);
    await until('the greeting', () => client.messages.length > 0);
    return client;
  };
  const login = async () => {
    const client = await connect();
    await client.say(AUTH, 'success');
    return client;
  };
  const symbols = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`);

  beforeAll(async () => {
    const config = simulator.readConfig({ DATA_DIR: directory, INTERNAL_API_KEY: KEY });
    app = await createApp(simulator, config, false);
    await app.listen(0, '127.0.0.1');
    address = `127.0.0.1:${((app.getHttpServer() as { address(): unknown }).address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.terminate();
    let connections = 1;
    while (connections > 0) {
      const { body } = await http().get('/api/v1/simulator/status');
      connections = (body as { alpaca: { connections: number } }).alpaca.connections;
    }
  });

  afterAll(async () => {
    await app.close();
    rmSync(directory, { recursive: true });
  });

  it('greets, lets its key in, and says that its prices are not real', async () => {
    const client = await connect();
    expect(client.messages).toEqual([{ T: 'success', msg: 'connected' }]);
    expect(client.isSimulated).toBe(true);
    expect(await client.say(AUTH, 'success')).toEqual({ T: 'success', msg: 'authenticated' });
    expect(await client.say(AUTH, 'error')).toMatchObject({ code: 403 });
  });

  it('refuses a wrong key, a second connection, and who has not logged in', async () => {
    const wrong = await connect();
    expect(await wrong.say({ ...AUTH, secret: 'x' }, 'error')).toMatchObject({ code: 402 });
    await until('its end', () => wrong.closed);
    await login();
    const second = await connect();
    expect(await second.say({ action: 'subscribe', trades: ['AAPL'] }, 'error')).toMatchObject({ code: 401 });
    expect(await second.say(AUTH, 'error')).toMatchObject({ code: 406 });
    await until('its end', () => second.closed);
  });

  it('subscribes nothing of a message that is above the plan', async () => {
    const client = await login();
    expect(await client.say({ action: 'subscribe', trades: symbols(31) }, 'error')).toMatchObject({
      code: 405,
    });
    const taken = await client.say(
      { action: 'subscribe', trades: symbols(30), quotes: symbols(30) },
      'subscription',
    );
    expect(taken.trades).toHaveLength(30);
    expect(await client.say({ action: 'subscribe', quotes: ['AAPL'] }, 'error')).toMatchObject({ code: 405 });
    // Minutes have no limit.
    expect(await client.say({ action: 'subscribe', bars: ['AAPL'] }, 'subscription')).toMatchObject({
      bars: ['AAPL'],
    });
    expect(await client.say({ action: 'shout' }, 'error')).toMatchObject({ code: 400 });
  });

  it('sends what was subscribed: trades with ids and nanoseconds, odd lots among them, and quotes', async () => {
    const client = await login();
    await client.say(
      { action: 'subscribe', trades: ['AAPL', 'TSLA', 'SPY'], quotes: ['AAPL'] },
      'subscription',
    );
    const isOdd = ({ c }: Message) => (c as string[]).includes('I');
    await until('an odd lot, a round one and a quote', () => {
      const trades = client.of('t');
      return trades.some(isOdd) && trades.some((trade) => !isOdd(trade)) && client.of('q').length > 0;
    });
    const [trade] = client.of('t');
    expect(trade).toMatchObject({ x: 'V', i: expect.any(Number) as number });
    expect(trade?.t).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{9}Z$/);
    const ids = client.of('t').map(({ S, i }) => `${String(S)} ${String(i)}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const odd of client.of('t').filter(isOdd)) expect(odd.s).toBeLessThan(100);
    expect(client.of('q').every(({ S }) => S === 'AAPL')).toBe(true);
  });

  it('answers history by pages, and state, list and clock to its key alone', async () => {
    await http().get('/v2/clock').expect(403);
    const get = async (path: string) => (await http().get(path).set(HEADERS).expect(200)).body as Message;
    const minutes: Message[] = [];
    let token: unknown;
    do {
      const page = token === undefined ? '' : `&page_token=${String(token)}`;
      const answer = await get(`/v2/stocks/bars?symbols=AAPL&timeframe=1Min&sort=desc&limit=300${page}`);
      minutes.push(...((answer.bars as Record<string, Message[]>).AAPL ?? []));
      token = answer.next_page_token;
    } while (typeof token === 'string');
    expect(minutes.length).toBeGreaterThan(300);
    const times = minutes.map(({ t }) => String(t));
    expect(times).toEqual([...times].sort().reverse());
    const states = await get('/v2/stocks/snapshots?symbols=AAPL,NOPE&feed=iex');
    expect(Object.keys(states)).toEqual(['AAPL']);
    expect(states.AAPL).toHaveProperty('prevDailyBar.c');
    const assets = (await get('/v2/assets?status=active&asset_class=us_equity')) as unknown as Message[];
    expect(assets.find(({ symbol }) => symbol === 'BRK.B')).toMatchObject({
      exchange: 'NYSE',
      tradable: true,
    });
    expect(await get('/v2/clock')).toMatchObject({ is_open: true });
  });
});
