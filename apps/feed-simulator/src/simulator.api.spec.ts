import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '@tickbridge/service-bootstrap';
import request from 'supertest';
import WebSocket from 'ws';
import { simulator } from './simulator.definition';
import { until } from '@tickbridge/shared-cache/testing';

const KEY = 'a-key-for-the-tests';

/** A client that remembers what it was sent. */
class Client {
  readonly frames: Record<string, unknown>[] = [];
  readonly texts: string[] = [];
  private readonly socket: WebSocket;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => {
      this.texts.push(String(data));
      try {
        this.frames.push(JSON.parse(String(data)) as Record<string, unknown>);
      } catch {
        this.frames.push({ malformed: true });
      }
    });
    this.socket.on('error', () => undefined);
  }

  get closed(): boolean {
    return this.socket.readyState === WebSocket.CLOSED;
  }

  send(command: unknown): void {
    this.socket.send(JSON.stringify(command));
  }

  of(kind: string): string[][] {
    return this.frames.filter((frame) => kind in frame).map((frame) => frame[kind] as string[]);
  }

  async end(): Promise<void> {
    this.socket.terminate();
    await until('the client is gone', () => this.closed);
  }
}

function binanceLine(offsetMs: number, id: number, price: string): string {
  const time = 1_723_161_255_000 + offsetMs;
  const data = { e: 'trade', E: time, s: 'BTCUSDT', t: id, p: price, q: '0.5', T: time, m: true, M: true };
  return `${time}000000 ${JSON.stringify({ stream: 'btcusdt@trade', data })}`;
}

describe('feed simulator', () => {
  const directory = mkdtempSync(join(tmpdir(), 'simulator-'));
  let app: NestFastifyApplication;
  let address: string;
  const clients: Client[] = [];
  const http = () => request(app.getHttpServer());
  const connect = (path: string) => {
    const client = new Client(`ws://${address}${path}`);
    clients.push(client);
    return client;
  };
  const login = async (user: string) => {
    const client = connect(`/?user=${user}&password=secret`);
    await until('the login result', () => client.frames.length > 0);
    return client;
  };
  const show = (fault: object) =>
    http().post('/api/v1/simulator/faults').set('authorization', `Bearer ${KEY}`).send(fault);

  beforeAll(async () => {
    const recording = join(directory, 'btc');
    writeFileSync(
      recording,
      [
        binanceLine(0, 1, '100.10'),
        binanceLine(10, 2, '100.30'),
        'noise',
        binanceLine(61_000, 3, '100.20'),
      ].join('\n'),
    );
    const config = simulator.readConfig({
      DATA_DIR: directory,
      INTERNAL_API_KEY: KEY,
      SIMULATOR_PASSWORD: 'secret',
      SIMULATOR_MAX_SYMBOLS: '3',
      SIMULATOR_HEARTBEAT_MS: '50',
      SIMULATOR_BINANCE_FILES: recording,
      SIMULATOR_BINANCE_SPEED: '1000',
    });
    app = await createApp(simulator, config, false);
    await app.listen(0, '127.0.0.1');
    address = `127.0.0.1:${((app.getHttpServer() as { address(): unknown }).address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await show({ kind: 'clear' });
    await Promise.all(clients.splice(0).map((client) => client.end()));
    let sessions = 1;
    while (sessions > 0) {
      const { body } = await http().get('/api/v1/simulator/status');
      sessions = (body as { trueData: { sessions: unknown[] } }).trueData.sessions.length;
    }
  });

  afterAll(async () => {
    await app.close();
    rmSync(directory, { recursive: true });
  });

  describe('its sockets', () => {
    const refusal = (path: string, headers: Record<string, string>, at = address) =>
      new Promise<number | undefined>((resolve, reject) => {
        const socket = new WebSocket(`ws://${at}${path}`, { headers });
        socket.once('unexpected-response', (_request, response) => {
          socket.terminate();
          resolve(response.statusCode);
        });
        socket.once('open', () => {
          socket.terminate();
          resolve(undefined);
        });
        socket.once('error', reject);
      });
    const paths = ['/?user=u&password=secret', '/stream?streams=btcusdt@trade', '/skstream/api/stream'];

    it.each(paths)('open to no page of a browser and under no foreign name: %s', async (path) => {
      expect(await refusal(path, { origin: 'https://evil.example' })).toBe(403);
      expect(await refusal(path, { origin: 'null' })).toBe(403);
      expect(await refusal(path, { host: 'rebound.example' })).toBe(421);
    });

    it('need the key beyond loopback where the vendor has no login of its own', async () => {
      const settings = { DATA_DIR: directory, INTERNAL_API_KEY: KEY, BIND_ADDRESS: '0.0.0.0' };
      const config = simulator.readConfig({ ...settings, SIMULATOR_BINANCE_FILES: join(directory, 'btc') });
      const open = await createApp(simulator, config, false);
      await open.listen(0, '0.0.0.0');
      const { port } = (open.getHttpServer() as { address(): AddressInfo }).address();
      const at = `127.0.0.1:${port}`;
      expect(await refusal('/stream?streams=btcusdt@trade', {}, at)).toBe(401);
      expect(
        await refusal('/stream?streams=btcusdt@trade', { authorization: `Bearer ${KEY}` }, at),
      ).toBeUndefined();
      expect(await refusal('/?user=u&password=wrong', {}, at)).toBeUndefined();
      await open.close();
    });
  });

  it('answers ticks and bars of a time as the trades of the socket were', async () => {
    const client = await login('history');
    client.send({ method: 'addsymbol', symbols: ['RELIANCE'] });
    await until('some trades', () => client.of('trade').length > 20);
    const trades = client.of('trade').slice(0, 20);
    const [first = '', last = ''] = [trades[0]?.[1], trades.at(-1)?.[1]];
    const query = (time: string) => encodeURIComponent(time.slice(2).replaceAll('-', ''));
    const range = `symbol=RELIANCE&from=${query(first)}&to=${query(last)}`;
    const { text } = await http().get(`/getticks?${range}&response=csv`).expect(200);
    const [header, ...lines] = text.split('\r\n');
    expect(header).toBe('timestamp,ltp,volume,oi');
    const ticks = lines.map((line) => line.split(',').slice(0, 3).join());
    for (const [, time, price, quantity] of trades) expect(ticks).toContain([time, price, quantity].join());
    expect(lines.every((line) => line.slice(0, 19) >= first && line.slice(0, 19) <= last)).toBe(true);

    const newest = (await http().get('/getlastnticks?symbol=RELIANCE&nticks=3').expect(200)).text;
    expect(newest.split('\r\n')).toHaveLength(4);
    const minute = `${first.slice(0, 16)}:00`;
    const bars = await http().get(
      `/getbars?symbol=RELIANCE&from=${query(minute)}&to=${query(minute)}&interval=1min`,
    );
    expect(bars.text.split('\r\n')[1]?.slice(0, 19)).toBe(minute);
    expect((await http().get(`/getticks?symbol=NOSUCH&from=${query(first)}&to=${query(last)}`)).text).toBe(
      'No data exists for NOSUCH',
    );
    await http().get('/getticks?symbol=ITC&from=yesterday&to=today').expect(400);
  });

  it('answers login, subscription, trades, quotes and heartbeats as the vendor does', async () => {
    const client = await login('a');
    expect(client.frames[0]).toMatchObject({ success: true, maxsymbols: 3 });
    client.send({ method: 'addsymbol', symbols: ['RELIANCE', 'NIFTY 50', 'NOSUCH'] });
    await until(
      'the rows',
      () => 'symbollist' in (client.frames.find(({ message }) => message === 'symbols added') ?? {}),
    );
    const { symbollist } = client.frames.find(({ message }) => message === 'symbols added') as {
      symbollist: string[][];
    };
    expect(symbollist[0]).toHaveLength(18);
    expect(symbollist[1]?.slice(14)).toEqual(['0', '0', '0', '0']);
    expect(symbollist[2]).toBe('NOSUCH');
    await until('trade and quote', () => client.of('trade').length > 0 && client.of('bidask').length > 0);
    expect(client.of('trade')[0]).toHaveLength(19);
    expect(client.of('trade')[0]?.[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    expect(client.of('bidask')[0]).toHaveLength(6);
    await until('a heartbeat', () => client.frames.some(({ message }) => message === 'HeartBeat'));
    client.send({ method: 'getmarketstatus' });
    await until('the status', () => client.frames.some(({ message }) => message === 'marketstatus'));
  });

  it('lets a login in once, and again after a logout', async () => {
    const first = await login('b');
    const second = await login('b');
    expect(second.frames[0]).toMatchObject({ success: false, message: 'User Already Connected' });
    first.send({ method: 'logout' });
    await until('the logout', () => first.closed);
    expect((await login('b')).frames[0]).toMatchObject({ success: true });
  });

  it('refuses a wrong password', async () => {
    const client = connect('/?user=c&password=wrong');
    await until('the refusal', () => client.closed);
    expect(client.frames).toMatchObject([{ success: false, message: 'Invalid User Credentials' }]);
  });

  it('takes no more symbols than the subscription allows', async () => {
    const client = await login('d');
    client.send({ method: 'addsymbol', symbols: ['RELIANCE', 'TCS', 'INFY', 'ITC'] });
    await until('the answer', () => client.frames.some(({ message }) => message === 'symbols added'));
    const answer = client.frames.find(({ message }) => message === 'symbols added');
    expect(answer).toMatchObject({ symbolsadded: 3, totalsymbolsubscribed: 3 });
    client.send({ method: 'removesymbol', symbols: ['TCS'] });
    await until('the removal', () => client.frames.some(({ message }) => message === 'symbols removed'));
  });

  it('shows faults when asked to, and only with the key', async () => {
    await http().post('/api/v1/simulator/faults').send({ kind: 'drop-connections' }).expect(401);
    await show({ kind: 'earthquake' }).expect(400);
    const client = await login('e');
    client.send({ method: 'addsymbol', symbols: ['RELIANCE'] });
    await until('trades', () => client.of('trade').length > 0);

    await show({ kind: 'malformed-frames', count: 2 }).expect(200);
    await until('nonsense', () => client.frames.some((frame) => 'malformed' in frame));
    await show({ kind: 'bad-ticks', tick: 'zero', count: 1 }).expect(200);
    await until('a price of zero', () => client.of('trade').some((fields) => fields[2] === '0'));
    await show({ kind: 'refuse-login', message: 'user subscription expired', durationMs: 60_000 }).expect(
      200,
    );
    expect((await login('f')).frames[0]).toMatchObject({ message: 'user subscription expired' });
    await show({ kind: 'drop-connections' }).expect(200);
    await until('the drop', () => client.closed);
  });

  it('goes mute with the socket open', async () => {
    const client = await login('g');
    await until('heartbeats', () => client.frames.length > 2);
    await show({ kind: 'mute', durationMs: 60_000 }).expect(200);
    const count = client.frames.length;
    const mutedAt = performance.now();
    await until('six heartbeats have been left out', () => performance.now() - mutedAt > 300);
    expect(client.frames.length).toBe(count);
    expect(client.closed).toBe(false);
  });

  it('answers the history of a symbol as CSV, and problems as text', async () => {
    const form = { username: 'x', password: 'secret', grant_type: 'password' };
    await http()
      .post('/token')
      .type('form')
      .send({ ...form, password: 'no' })
      .expect(400);
    const { body } = await http().post('/token').type('form').send(form).expect(200);
    expect(body).toHaveProperty('access_token');
    const bars = await http().get('/getlastnbars?symbol=RELIANCE&nbars=3&interval=1min').expect(200);
    expect(bars.text.split('\r\n')[0]).toBe('timestamp,open,high,low,close,volume,oi');
    expect((await http().get('/getlastnbars?symbol=X&interval=1min')).text).toBe('No data exists for X');
  });

  it('lists its symbols as the vendor does, and says what it has not as text', async () => {
    const list = (query: string) => http().get(`/getAllSymbols?user=u&${query}`).expect(200);
    const shares = (await list('segment=eq&password=secret')).text.split('\n');
    expect(shares[0]).toBe('symbolid,symbol,series,isin,exchange,lotsize,ticksize,companyname');
    expect(shares).toHaveLength(174);
    expect(shares.find((line) => line.includes(',RELIANCE,'))).toMatch(
      /^10000\d{4},RELIANCE,EQ,,NSE,1,0\.05,RELIANCE$/,
    );
    expect((await list('segment=in&password=secret')).text).toContain('NIFTY 50,IN,,NSE,,,NIFTY 50');
    expect((await list('segment=fo&password=secret')).text).toBe('No data exists for segment fo');
    expect((await list('segment=eq&password=wrong')).text).toBe('Invalid User Credentials');
  });

  it('plays recorded Binance frames to whoever subscribed', async () => {
    const client = connect('/stream?streams=btcusdt@trade');
    await until('all trades', () => client.of('data').length === 3);
    client.send({ method: 'UNSUBSCRIBE', params: ['btcusdt@trade'], id: 7 });
    await until('the reply', () => client.frames.some(({ id }) => id === 7));
    client.send({ method: 'NONSENSE' });
    await until('the error', () => client.frames.some(({ code }) => code === 2));
  });

  it('computes klines and exchange info from the recording', async () => {
    const { body } = await http().get('/api/v3/klines?symbol=BTCUSDT&interval=1m').expect(200);
    expect((body as unknown[][]).map((kline) => kline.slice(0, 6))).toEqual([
      [1_723_161_240_000, '100.10', '100.30', '100.10', '100.30', '1.00000000'],
      [1_723_161_300_000, '100.20', '100.20', '100.20', '100.20', '0.50000000'],
    ]);
    const info = await http().get('/api/v3/exchangeInfo').expect(200);
    expect(info.body).toMatchObject({
      symbols: [
        {
          symbol: 'BTCUSDT',
          baseAsset: 'BTC',
          quoteAsset: 'USDT',
          filters: [
            { filterType: 'PRICE_FILTER', tickSize: '0.10000000' },
            { filterType: 'LOT_SIZE', stepSize: '0.10000000' },
            { filterType: 'MARKET_LOT_SIZE' },
            { filterType: 'NOTIONAL', minNotional: '5.00000000' },
          ],
        },
      ],
    });
    await http().get('/api/v3/klines?symbol=NOPE&interval=1m').expect(400);
  });

  it('goes on with the recorded market while a client is away, and tells by REST what it missed', async () => {
    const rows = await http().get('/api/v3/aggTrades?symbol=BTCUSDT&startTime=1723161255000').expect(200);
    expect(rows.body).toMatchObject([
      { a: 1, f: 1, l: 1, p: '100.10' },
      { a: 2, f: 2, l: 2, p: '100.30' },
      { a: 3, f: 3, l: 3, p: '100.20', q: '0.50000000' },
    ]);
    const next = await http().get('/api/v3/aggTrades?symbol=BTCUSDT&fromId=3').expect(200);
    expect(next.body).toHaveLength(1);
    await http().get('/api/v3/aggTrades?symbol=NOPE').expect(400);
  });

  it('refuses sockets on other paths', async () => {
    const client = connect('/elsewhere');
    await until('the refusal', () => client.closed);
    expect(client.frames).toEqual([]);
  });
});
