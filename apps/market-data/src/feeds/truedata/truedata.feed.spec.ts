import type { WebSocket } from 'ws';
import { RecordingSink } from '../../testing/recording-sink';
import { until } from '@tickbridge/shared-cache/testing';
import { VendorServer } from '../../testing/vendor-server';
import { TrueDataFeed } from './truedata.feed';

const IDS: Record<string, string> = { RELIANCE: '100', ITC: '101', 'NIFTY 50': '200' };
const TIME = '2025-09-22T10:00:00';

function accepted(maxsymbols = 250) {
  return JSON.stringify({ success: true, message: 'TrueData Real Time Data Service', maxsymbols });
}

function refused(message: string) {
  return JSON.stringify({ success: false, message, segments: null, maxsymbols: 0 });
}

function row(symbol: string): string[] {
  return [
    symbol,
    IDS[symbol] ?? '',
    TIME,
    '100',
    '1',
    '100',
    '10',
    '99',
    '101',
    '98',
    '97',
    '0',
    '0',
    '0',
    '0',
    '0',
    '0',
    '0',
  ];
}

function tradeFrame(id: string, sequence: number) {
  return {
    trade: [
      id,
      TIME,
      '100.5',
      '2',
      '0',
      '12',
      '99',
      '101',
      '98',
      '97',
      '0',
      '0',
      '0',
      '',
      String(sequence),
      '100.45',
      '5',
      '100.55',
      '6',
    ],
  };
}

/** Answers subscriptions with a row per known symbol. */
function answersSubscriptions(socket: WebSocket): void {
  socket.on('message', (data) => {
    const { method, symbols } = JSON.parse(String(data)) as { method: string; symbols?: string[] };
    if (method !== 'addsymbol' || symbols === undefined) return;
    const symbollist = symbols.map((symbol) => (symbol in IDS ? row(symbol) : `${symbol} not found`));
    socket.send(JSON.stringify({ success: true, message: 'symbols added', symbollist }));
  });
}

describe('TrueData feed', () => {
  let server: VendorServer;
  let feed: TrueDataFeed;
  let sink: RecordingSink;

  async function start(admit: (socket: WebSocket) => void, symbols = Object.keys(IDS), heartbeatMs = 5_000) {
    server = new VendorServer(admit);
    sink = new RecordingSink();
    feed = new TrueDataFeed(
      {
        name: 'truedata',
        url: await server.listen(),
        user: 'U1',
        password: 'p+s&s w#rd',
        symbols,
        heartbeatMs,
        random: () => 0,
      },
      sink,
    );
    await feed.connect();
  }

  afterEach(async () => {
    await feed.disconnect();
    await server.close();
  });

  it('logs in, subscribes, and delivers touchlines, trades and quotes', async () => {
    await start((socket) => {
      answersSubscriptions(socket);
      socket.send(accepted());
    });
    expect(feed.connection()).toMatchObject({ state: 'connected', attempts: 0, lastError: null });
    await until('three touchlines', () => sink.updates.length === 3);
    server.sendToAll(tradeFrame('100', 1));
    server.sendToAll({ bidask: ['101', TIME, '9', '1', '11', '2'] });
    await until('trade and quote', () => sink.updates.length === 5);
    expect(sink.updates.slice(3)).toMatchObject([
      { kind: 'trade', symbol: 'RELIANCE', price: 100.5, tradeNumber: 1, quote: { bid: 100.45 } },
      { kind: 'quote', symbol: 'ITC', quote: { bid: 9, ask: 11 } },
    ]);
  });

  it('sends the password as it is, except for what would break the address', async () => {
    await start((socket) => socket.send(accepted()));
    expect(server.requests).toEqual(['/?user=U1&password=p+s%26s%20w%23rd']);
  });

  it('subscribes to the limit of the vendor and reports the rest', async () => {
    await start(
      (socket) => {
        answersSubscriptions(socket);
        socket.send(accepted(2));
      },
      ['RELIANCE', 'ITC', 'NIFTY 50', 'TCS'],
    );
    await until('the subscription', () => server.received.length >= 1);
    expect(JSON.parse(server.received[0] ?? '')).toEqual({
      method: 'addsymbol',
      symbols: ['RELIANCE', 'ITC'],
    });
    expect(feed.connection().symbolsRefused.map(({ symbol }) => symbol)).toEqual(['NIFTY 50', 'TCS']);
    expect(feed.isSubscribed('TCS')).toBe(false);
    expect(feed.isSubscribed('ITC')).toBe(true);
  });

  it('reports a symbol the vendor does not know', async () => {
    await start(
      (socket) => {
        answersSubscriptions(socket);
        socket.send(accepted());
      },
      ['ITC', 'ITCHOTEL'],
    );
    await until('the refusal', () => feed.connection().symbolsRefused.length === 1);
    expect(feed.connection().symbolsRefused[0]).toMatchObject({ symbol: 'ITCHOTEL' });
  });

  it('rejects frames it cannot read and trades of unknown numbers, and goes on', async () => {
    await start((socket) => {
      answersSubscriptions(socket);
      socket.send(accepted());
    });
    await until('touchlines', () => sink.updates.length === 3);
    for (const frame of ['{"trade":[', '{"trade":["100","x"]}', tradeFrame('999', 1), tradeFrame('100', 1)]) {
      server.sendToAll(frame);
    }
    await until('the good trade', () => sink.updates.length === 4);
    expect(sink.rejected).toEqual(['malformed', 'malformed', 'unknown-symbol']);
  });

  it('connects again after the socket was dropped, and subscribes again', async () => {
    await start((socket) => {
      answersSubscriptions(socket);
      socket.send(accepted());
    });
    await until('touchlines', () => sink.updates.length === 3);
    server.dropAll();
    await until('the second connection', () => sink.updates.length === 6);
    expect(feed.connection()).toMatchObject({ state: 'connected', reconnects: 1 });
    expect(sink.connections).toBe(2);
  });

  it('notices a connection that has gone mute, and makes a new one', async () => {
    await start((socket) => socket.send(accepted()), ['ITC'], 50);
    await until('the second connection', () => server.requests.length === 2);
    await until('the second login', () => feed.connection().reconnects === 1);
  });

  it('takes any frame as a sign of life', async () => {
    const heartbeatMs = 100;
    await start(
      (socket) => {
        socket.send(accepted());
        const timer = setInterval(
          () => socket.send('{"success":true,"message":"HeartBeat"}'),
          heartbeatMs / 4,
        );
        socket.on('close', () => clearInterval(timer));
      },
      ['ITC'],
      heartbeatMs,
    );
    const startedAt = performance.now();
    await until('five heartbeats have passed', () => performance.now() - startedAt > 5 * heartbeatMs);
    expect(server.requests).toHaveLength(1);
  });

  it('waits ten seconds and more while the login is taken', async () => {
    await start((socket) => socket.send(refused('User Already Connected')));
    expect(feed.connection()).toMatchObject({
      state: 'waiting',
      lastError: 'login refused: User Already Connected',
    });
    const startedAt = performance.now();
    await until('half a second has passed', () => performance.now() - startedAt > 500);
    expect(server.requests).toHaveLength(1);
  });

  it.each(['Invalid User Credentials', 'user subscription expired'])(
    'stops on "%s" and says what to do',
    async (message) => {
      await start((socket) => socket.send(refused(message)));
      const { state, lastError } = feed.connection();
      expect(state).toBe('stopped');
      expect(lastError).toContain(message);
      expect(lastError).toContain('TRUEDATA_PASSWORD');
      expect(lastError).not.toContain('p+s');
    },
  );

  it('tries again when a person asks, after it had stopped', async () => {
    let password = 'old';
    await start((socket) =>
      socket.send(password === 'old' ? refused('Invalid User Credentials') : accepted()),
    );
    password = 'new';
    await feed.connect();
    expect(feed.connection().state).toBe('connected');
  });

  it('logs out before it disconnects, and stays away', async () => {
    await start((socket) => socket.send(accepted()), ['ITC']);
    await feed.disconnect();
    await until('the logout', () => server.received.includes('{"method":"logout"}'));
    expect(feed.connection().state).toBe('stopped');
    expect(server.connections).toBe(0);
  });

  it('answers at once when nobody listens, and keeps trying', async () => {
    await start((socket) => socket.send(accepted()), ['ITC']);
    await feed.disconnect();
    await server.close();
    await feed.connect();
    expect(feed.connection()).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(feed.connection().lastError).toContain('ECONNREFUSED');
  });
});
