import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@tickbridge/shared-cache/testing';
import { WebSocket } from 'ws';
import { BinanceServer } from './binance.server';

const streams = (count: number) => Array.from({ length: count }, (_, index) => `s${index}usdt@trade`);

describe('the simulated limits of Binance', () => {
  const directory = mkdtempSync(join(tmpdir(), 'binance-limits-'));
  const file = join(directory, 'recording');
  let binance: BinanceServer;
  let http: Server;
  let url: string;

  beforeEach(async () => {
    writeFileSync(file, '');
    binance = new BinanceServer({ files: [file], speed: 1 });
    http = createServer();
    http.on('upgrade', (request, wire, head) => binance.upgrade(request, wire, head));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/stream?streams=`;
  });

  afterEach(() => {
    binance.close();
    http.close();
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  /** How the connection ended, after the messages. */
  async function outcome(address: string, messages: readonly (readonly string[])[]): Promise<string> {
    const socket = new WebSocket(url + address);
    let ended = '';
    let answers = 0;
    socket.on('error', ({ message }) => (ended ||= message));
    socket.on('close', (code, reason) => (ended ||= `${code} ${String(reason)}`));
    socket.on('message', () => (answers += 1));
    socket.on('open', () => {
      messages.forEach((params, id) => socket.send(JSON.stringify({ method: 'SUBSCRIBE', params, id })));
    });
    await until('an outcome', () => ended !== '' || (messages.length > 0 && answers === messages.length));
    socket.terminate();
    return ended;
  }

  it('refuse an address of more than 8,004 characters', async () => {
    expect(await outcome(streams(700).join('/'), [])).toContain('414');
  });

  it('end a connection with more than 1,024 streams, and not one with as many', async () => {
    expect(await outcome('a@trade', [streams(1_023)])).toBe('');
    expect(await outcome('a@trade', [streams(1_024)])).toBe('1008 Too many subscriptions');
  });

  it('end a connection that sends more than five messages in a second', async () => {
    expect(
      await outcome(
        '',
        Array.from({ length: 5 }, () => ['a@trade']),
      ),
    ).toBe('');
    expect(
      await outcome(
        '',
        Array.from({ length: 6 }, () => ['a@trade']),
      ),
    ).toBe('1008 Too many requests');
  });
});
