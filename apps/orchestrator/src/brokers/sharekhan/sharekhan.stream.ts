import { Logger } from '@nestjs/common';
import { parseJsonObject } from '@tickbridge/contracts';
import WebSocket from 'ws';
import type { BrokerAccess } from '../../tokens/account-tokens';

/** ShareKhan closes a stream that says nothing (milliseconds). */
const PING_MS = 30_000;
/** A stream that does not answer two pings is dead (milliseconds). */
const SILENCE_MS = 75_000;
const OPENING_LIMIT_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

interface StreamOptions {
  accountId: string;
  url: string;
  /** The account's access of the moment; `undefined` while there is none. */
  access: () => Promise<BrokerAccess | undefined>;
  /** An acknowledgement was heard, or may have been missed: something may have happened to an order. */
  onNews: (heard: boolean) => void;
  /** ShareKhan did not let the access in. */
  onDenied: (access: BrokerAccess) => void;
}

/**
 * The acknowledgement stream of one account. What it says is a hint to look into the books, so it does not matter when an
 * acknowledgement is late, comes twice, out of order or not at all.
 *
 * Reconnects with back-off while the account has a token, and waits for `retry` when it has none.
 */
export class ShareKhanStream {
  private readonly logger: Logger;
  private socket: WebSocket | undefined;
  private attempts = 0;
  private opening = false;
  private closed = false;
  private lastLifeAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private pinger: NodeJS.Timeout | undefined;

  constructor(private readonly options: StreamOptions) {
    this.logger = new Logger(`Acknowledgements ${options.accountId}`);
  }

  get connected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Connects now, with the token of the moment: a new one has come, or trading begins. */
  retry(): void {
    this.attempts = 0;
    clearTimeout(this.timer);
    this.drop();
    void this.open();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.drop();
  }

  private async open(): Promise<void> {
    if (this.closed || this.opening) return;
    this.opening = true;
    try {
      const access = await this.options.access();
      if (access && !this.closed) this.connect(access);
    } catch (error) {
      this.logger.debug(
        `no token to connect with: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.later();
    } finally {
      this.opening = false;
    }
  }

  private connect(access: BrokerAccess): void {
    this.drop();
    const url = new URL(this.options.url);
    url.searchParams.set('ACCESS_TOKEN', access.token);
    const socket = new WebSocket(url, {
      handshakeTimeout: OPENING_LIMIT_MS,
      perMessageDeflate: false,
      maxPayload: 1024 * 1024,
    });
    this.socket = socket;
    let denied = false;
    socket.on('unexpected-response', (request, response) => {
      denied = response.statusCode === 403;
      request.destroy();
      this.lose(socket, `ShareKhan answers with status ${response.statusCode}`, denied);
      if (denied) this.options.onDenied(access);
    });
    socket.on('open', () => {
      this.attempts = 0;
      this.lastLifeAt = performance.now();
      socket.send(JSON.stringify({ action: 'subscribe', key: ['feed', 'ack'], value: [''] }));
      socket.send(JSON.stringify({ action: 'ack', key: [''], value: [access.customerId] }));
      // What happened while nobody listened is in the books.
      this.options.onNews(false);
    });
    socket.on('message', (data) => {
      this.lastLifeAt = performance.now();
      if (isAcknowledgement(String(data))) this.options.onNews(true);
    });
    // The library puts no address into its messages, so no token either.
    socket.on('error', (error) => this.lose(socket, error.message));
    socket.on('close', (code) => this.lose(socket, `closed by the broker (${code})`));
    this.pinger = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (performance.now() - this.lastLifeAt > SILENCE_MS) this.lose(socket, 'nothing comes any more');
      else socket.send('ping');
    }, PING_MS);
    this.pinger.unref();
  }

  /** @param forGood until there is another token */
  private lose(socket: WebSocket, reason: string, forGood = false): void {
    if (this.socket !== socket) return;
    this.drop();
    if (this.closed) return;
    this.logger.warn(`${reason}; the books are looked at all the same`);
    if (!forGood) this.later();
  }

  private later(): void {
    if (this.closed) return;
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.attempts);
    this.attempts += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), longest * (0.5 + Math.random() / 2));
    this.timer.unref();
  }

  private drop(): void {
    const { socket } = this;
    this.socket = undefined;
    clearInterval(this.pinger);
    socket?.removeAllListeners();
    // Terminating what is still connecting is an error to the library, and none to us.
    socket?.on('error', () => undefined);
    socket?.terminate();
  }
}

/** Answers to pings are no JSON. */
function isAcknowledgement(text: string): boolean {
  const data = parseJsonObject(text)?.['data'];
  return typeof data === 'object' && data !== null && 'AckState' in data;
}
