import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '@tickbridge/service-bootstrap';
import WebSocket from 'ws';
import { simulator } from '../simulator.definition';
import { until } from '@tickbridge/shared-cache/testing';
import { ShareKhanCipher } from './sharekhan.cipher';

const KEY = 'a-key-for-the-tests';
const SECRET = '0123456789abcdef0123456789abcdef';

interface Row {
  orderId: string;
  orderStatus: string;
  execQty: number;
  avgPrice: string;
  rmsCode: string;
}

describe("ShareKhan's login cryptography", () => {
  const cipher = new ShareKhanCipher(SECRET);

  it("agrees with the vendor's vector", () => {
    expect(cipher.decrypt('kehN18adRKirqgcBcFJSZkSy-suLWlEUEvkrkoY')).toBe('REQ123|987654');
    expect(cipher.encrypt('987654|REQ123', 'base64url')).toBe('-pUr0MGaRMPWzAAGd75TFILwet4bKJHwlPtV17s');
  });

  it('refuses a token of which one bit was changed', () => {
    expect(cipher.decrypt('lehN18adRKirqgcBcFJSZkSy-suLWlEUEvkrkoY')).toBeUndefined();
    expect(cipher.decrypt('')).toBeUndefined();
  });
});

describe('the simulated ShareKhan', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sharekhan-'));
  const cipher = new ShareKhanCipher(SECRET);
  let app: NestFastifyApplication;
  let address: string;
  let token: string;

  const call = async (path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://${address}/skapi/services/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        'api-key': 'simulated-api-key',
        'access-token': token,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as { data: Record<string, unknown> } };
  };
  const login = async () => {
    const query = 'api_key=simulated-api-key&state=12345&version_id=1005&customer=987654';
    const back = await fetch(`http://${address}/skapi/auth/enter?${query}`, { redirect: 'manual' });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    expect(searchParams.get('state')).toBe('12345');
    const [requestId, customerId] = cipher.decrypt(searchParams.get('request_token') ?? '')?.split('|') ?? [];
    const requestToken = cipher.encrypt(`${customerId}|${requestId}`, 'base64url');
    return call('access/token', {
      apiKey: 'simulated-api-key',
      requestToken,
      state: '12345',
      versionId: '1005',
    });
  };
  const order = (more: object = {}) =>
    call('orders', {
      requestType: 'NEW',
      customerId: '987654',
      scripCode: 10_001,
      tradingSymbol: 'RELIANCE',
      exchange: 'NC',
      transactionType: 'B',
      quantity: 3,
      disclosedQty: 0,
      price: '0',
      triggerPrice: '0',
      rmsCode: 'ANY',
      afterHour: 'N',
      orderType: 'NORMAL',
      channelUser: '987654',
      validity: 'GFD',
      productType: 'INVESTMENT',
      ...more,
    });
  const report = async () => (await call('reports/987654')).body.data as unknown as Row[];
  const row = async (id: unknown) => (await report()).find(({ orderId }) => orderId === id);
  const show = (fault: object) =>
    fetch(`http://${address}/api/v1/simulator/sharekhan/faults`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
  const becomes = async (id: unknown, status: string) => {
    let now: Row | undefined;
    while (now?.orderStatus !== status) now = await row(id);
    return now;
  };

  beforeAll(async () => {
    const config = simulator.readConfig({ DATA_DIR: directory, INTERNAL_API_KEY: KEY });
    app = await createApp(simulator, config, false);
    await app.listen(0, '127.0.0.1');
    address = `127.0.0.1:${((app.getHttpServer() as { address(): unknown }).address() as AddressInfo).port}`;
    token = (await login()).body.data['token'] as string;
  });

  afterEach(() => show({ kind: 'clear' }));

  afterAll(async () => {
    await app.close();
    rmSync(directory, { recursive: true });
  });

  it('lists every share that trades', async () => {
    const { body } = await call('master/NC');
    const rows = body.data as unknown as { scripCode: number; tradingSymbol: string }[];
    expect(rows.length).toBeGreaterThan(170);
    expect(rows.find(({ tradingSymbol }) => tradingSymbol === 'RELIANCE')).toBeDefined();
  });

  it('fills a market order at the quote', async () => {
    const reliance = await scripOf('RELIANCE');
    const { body } = await order({ scripCode: reliance });
    const filled = await becomes(body.data['orderId'], 'Fully Executed');
    expect(filled).toMatchObject({ execQty: 3 });
    expect(Number(filled.avgPrice)).toBeGreaterThan(0);
  });

  it('lets a limit rest, changes it, and cancels it with its own rmsCode', async () => {
    const scripCode = await scripOf('TCS');
    const tcs = { scripCode, tradingSymbol: 'TCS' };
    const { body } = await order({ ...tcs, price: '1' });
    const orderId = body.data['orderId'];
    const { rmsCode } = await becomes(orderId, 'Pending');
    await order({ ...tcs, requestType: 'MODIFY', orderId, rmsCode, price: '1.5', quantity: 5 });
    expect(await row(orderId)).toMatchObject({ orderQty: 5, orderPrice: '1.5' });
    await order({ ...tcs, requestType: 'CANCEL', orderId, rmsCode });
    expect(await row(orderId)).toMatchObject({ orderStatus: 'Cancelled' });
    const again = await order({ ...tcs, requestType: 'CANCEL', orderId, rmsCode });
    expect(again.body.data).toMatchObject({ orderId: '0' });
  });

  it('takes the cancel of a stop and ends it later, when it is to', async () => {
    const tcs = { scripCode: await scripOf('TCS'), tradingSymbol: 'TCS', transactionType: 'S' };
    const stop = async () => {
      const { body } = await order({ ...tcs, triggerPrice: '2', price: '1' });
      const { rmsCode } = await becomes(body.data['orderId'], 'Pending');
      return { orderId: body.data['orderId'], rmsCode };
    };
    await show({ kind: 'stops', how: 'cancel-late', delayMs: 400 });
    const [late, other] = [await stop(), await stop()];
    await order({ ...tcs, requestType: 'CANCEL', ...late });
    expect(await row(late.orderId)).toMatchObject({ orderStatus: 'Pending' });
    await order({ ...tcs, requestType: 'CANCEL', ...other });
    expect(await row(other.orderId)).toMatchObject({ orderStatus: 'Cancelled' });
    await becomes(late.orderId, 'Cancelled');
  });

  it('shows no customer the orders of another, and no one anything without a token', async () => {
    expect((await call('reports/111111')).status).toBe(403);
    expect((await call('reports/987654', undefined, { 'access-token': 'dead' })).status).toBe(403);
  });

  it('takes an order whose answer is lost, and refuses one it throttles', async () => {
    const before = (await report()).length;
    await show({ kind: 'answer', to: 'new', how: 'cut' });
    await expect(order({ scripCode: await scripOf('RELIANCE') })).rejects.toThrow();
    expect(await report()).toHaveLength(before + 1);
    await show({ kind: 'answer', to: 'new', how: 'throttle' });
    expect((await order()).status).toBe(429);
    expect(await report()).toHaveLength(before + 1);
  });

  it('tells acknowledgements of the own orders', async () => {
    const socket = new WebSocket(`ws://${address}/skstream/api/stream?ACCESS_TOKEN=${token}`);
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await until('the stream', () => socket.readyState === WebSocket.OPEN);
    socket.send(JSON.stringify({ action: 'ack', key: [''], value: ['987654'] }));
    socket.send('ping');
    await until('the pong', () => heard.includes('pong'));
    const { body } = await order({ scripCode: await scripOf('RELIANCE') });
    await until('the trade', () => heard.some((text) => text.includes('TradeConfirmation')));
    expect(heard.join()).toContain(String(body.data['orderId']));
    socket.terminate();
  });

  // Last: whoever was logged in is not any more.
  it('lets nobody in with a token that was killed', async () => {
    await show({ kind: 'kill-tokens' });
    expect((await call('reports/987654')).status).toBe(403);
    token = (await login()).body.data['token'] as string;
    expect((await call('reports/987654')).status).toBe(200);
  });

  async function scripOf(symbol: string): Promise<number> {
    const { body } = await call('master/NC');
    const rows = body.data as unknown as { scripCode: number; tradingSymbol: string }[];
    return rows.find(({ tradingSymbol }) => tradingSymbol === symbol)?.scripCode ?? 0;
  }
});
