import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BinanceHistory } from './binance/binance.history';
import { parseBars, TrueDataHistory } from './truedata/truedata.history';

/** 2025-09-22 09:15:00 IST. */
const OPEN = Date.UTC(2025, 8, 22, 3, 45);

describe('history', () => {
  const answers = new Map<string, { status?: number; body: string }>();
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    const { status = 200, body } = answers.get((request.url ?? '').split('?')[0] ?? '') ?? {
      status: 404,
      body: '',
    };
    response.writeHead(status).end(body);
  });
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    answers.clear();
    requests.length = 0;
  });

  afterAll(() => server.close());

  const trueData = () => new TrueDataHistory({ authUrl: url, dataUrl: url, user: 'u', password: 'p' });

  it('of TrueData logs in once and reads bars in Indian time, growing ones left out', async () => {
    answers.set('/token', { body: '{"access_token":"T","expires_in":100}' });
    answers.set('/getlastnbars', {
      body: 'timestamp,open,high,low,close,volume,oi\r\n2025-09-22T09:15:00,10,12,9,11,500,0\r\n2025-09-22T09:16:00,11,11,11,11,5,0\r\n',
    });
    const history = trueData();
    await history.minutes('ITC', 10, OPEN + 60_000);
    expect(await history.minutes('M&M', 10, OPEN + 60_000)).toEqual([
      { openTime: OPEN, open: 10, high: 12, low: 9, close: 11, volume: 500, trades: null },
    ]);
    expect(requests).toEqual([
      'POST /token',
      'GET /getlastnbars?symbol=ITC&nbars=10&interval=1min&response=csv&bidask=0 Bearer T',
      'GET /getlastnbars?symbol=M%26M&nbars=10&interval=1min&response=csv&bidask=0 Bearer T',
    ]);
  });

  it('of TrueData asks for a token again after a refusal', async () => {
    const history = trueData();
    answers.set('/token', { status: 400, body: '{}' });
    await expect(history.minutes('ITC', 10, OPEN)).rejects.toThrow('refused with status 400');
    answers.set('/token', { body: '{"access_token":"T"}' });
    answers.set('/getlastnbars', { body: '' });
    await expect(history.minutes('ITC', 10, OPEN)).resolves.toEqual([]);
  });

  it.each(['No data exists for ITC', 'API request quota exceeded!', '', 'timestamp,open\n1,2'])(
    'of TrueData takes the text "%s" for no bars',
    (text) => {
      expect(parseBars(text)).toEqual([]);
    },
  );

  it('of Binance reads finished candles with their trades', async () => {
    const kline = [OPEN, '1.5', '2', '1', '1.75', '10', OPEN + 59_999, '17', 42, '5', '8', '0'];
    answers.set('/api/v3/klines', {
      body: JSON.stringify([
        kline,
        [OPEN + 60_000, '1', '1', '1', '1', '1', OPEN + 119_999, '1', 1, '0', '0', '0'],
      ]),
    });
    expect(await new BinanceHistory(url).minutes('BTCUSDT', 2, OPEN + 90_000)).toEqual([
      { openTime: OPEN, open: 1.5, high: 2, low: 1, close: 1.75, volume: 10, trades: 42 },
    ]);
    expect(requests).toEqual(['GET /api/v3/klines?symbol=BTCUSDT&interval=1m&limit=2']);
  });

  it('of Binance fails on an answer of another shape', async () => {
    answers.set('/api/v3/klines', { body: '{"code":-1121}' });
    await expect(new BinanceHistory(url).minutes('X', 2, OPEN)).rejects.toThrow();
  });
});
