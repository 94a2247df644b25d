import { Logger } from '@nestjs/common';
import { SIMULATED_HEADER, type FeedStatus } from '@tickbridge/contracts';
import WebSocket from 'ws';
import { backOffMs, CONNECTION_BACK_OFF, REFUSAL_BACK_OFF } from './back-off';

/** What a vendor's protocol does with one connection. A new conversation begins with each socket. */
export interface Conversation {
  /** The socket is open. */
  opened(): void;
  /** A text frame has come. */
  received(text: string): void;
  /** The socket is gone, whoever closed it. */
  closed?(): void;
  /** Frames to send before a wanted close. */
  farewell(): readonly string[];
}

/** What a conversation may ask of its socket. */
export interface SocketControl {
  send(text: string): void;
  /** The vendor has accepted us: back-off starts over. */
  ready(): void;
  /** Shows a complaint of the vendor in the status; the connection goes on. */
  note(complaint: string): void;
  /** Closes, and tries again after a short back-off. */
  retry(reason: string): void;
  /** Closes, and tries again no sooner than ten seconds later. */
  retryLater(reason: string): void;
  /** Closes and stays closed: trying again cannot help. */
  giveUp(reason: string): void;
}

export interface SupervisedSocketOptions {
  /** Built anew for every attempt; may carry a password and is never logged. */
  url: () => string;
  /** The address as people may see it. */
  label: string;
  /** Silence after which the connection counts as dead (ms). Any frame or ping is a sign of life. */
  silenceLimitMs: number;
  /** How often we ask for a sign of life once connected (ms), of a vendor that may have nothing to say; absent never. */
  pingMs?: number;
  converse: (socket: SocketControl) => Conversation;
  /** A frame could not be taken; `sample` is its beginning. */
  unreadable: (sample: string) => void;
  random?: () => number;
}

const SAMPLE_LENGTH = 200;

type Next = 'soon' | 'later' | 'never';

/** How often silence is looked at within its limit. */
const SILENCE_CHECKS = 20;

/** Longest wait for the vendor to accept connection and login. */
const OPENING_LIMIT_MS = 10_000;

/** Longest wait for the vendor to answer a close. */
const CLOSING_LIMIT_MS = 1_000;

/**
 * Keeps one socket to a vendor alive: connects, watches for silence, and connects again with back-off.
 *
 * It is the only supervisor of its socket; nobody else reconnects it.
 */
export class SupervisedSocket {
  private readonly log = new Logger(SupervisedSocket.name);
  private readonly random: () => number;
  private socket: WebSocket | undefined;
  private conversation: Conversation | undefined;
  private timer: NodeJS.Timeout | undefined;
  private watchdog: NodeJS.Timeout | undefined;
  private pings: NodeJS.Timeout | undefined;
  private settled: (() => void)[] = [];
  private refusals = 0;
  private lastLifeAt = 0;
  private everReady = false;

  /** The server said that its prices are made up or recorded. */
  simulated = false;
  state: FeedStatus['state'] = 'idle';
  /** Failed attempts since the last success. */
  attempts = 0;
  reconnects = 0;
  lastError: string | null = null;

  constructor(private readonly options: SupervisedSocketOptions) {
    this.random = options.random ?? Math.random;
  }

  /** Resolves when the first outcome is known: connected, waiting or stopped. */
  async start(): Promise<void> {
    if (this.state === 'connected') return;
    const outcome = new Promise<void>((resolve) => this.settled.push(resolve));
    if (this.state !== 'connecting') {
      clearTimeout(this.timer);
      this.attempts = 0;
      this.refusals = 0;
      this.open();
    }
    await outcome;
  }

  /** Says good-bye, closes and stays closed. */
  async stop(): Promise<void> {
    const { socket } = this;
    const farewell = this.conversation?.farewell() ?? [];
    clearTimeout(this.timer);
    this.abandon();
    this.settle('stopped');
    if (socket === undefined) return;
    if (socket.readyState === WebSocket.OPEN) {
      for (const frame of farewell) socket.send(frame);
    }
    await closed(socket);
  }

  private open(): void {
    this.state = 'connecting';
    const socket = new WebSocket(this.options.url(), {
      handshakeTimeout: OPENING_LIMIT_MS,
      perMessageDeflate: false,
      maxPayload: 16 * 1024 * 1024,
    });
    this.socket = socket;
    const control = this.controlOf(socket);
    const conversation = this.options.converse(control);
    this.conversation = conversation;
    socket.on('upgrade', ({ headers }) => {
      this.simulated = headers[SIMULATED_HEADER] === 'true';
    });
    socket.on('open', () => {
      this.sawLife();
      conversation.opened();
    });
    socket.on('message', (data) => {
      if (this.socket !== socket) return;
      this.sawLife();
      try {
        conversation.received(String(data));
      } catch (error) {
        // Readers of frames do not throw; should one do so all the same, it costs the frame, not the process.
        this.log.error(error instanceof Error ? error : new Error(String(error)));
        this.options.unreadable(String(data).slice(0, SAMPLE_LENGTH));
      }
    });
    socket.on('ping', () => this.sawLife());
    socket.on('pong', () => this.sawLife());
    // ws puts the URL into no message, so these texts carry no password.
    socket.on('error', (error) => this.lose(socket, 'soon', error.message));
    socket.on('close', (code, reason) =>
      this.lose(socket, 'soon', `connection closed by the vendor (${code}${textOf(reason)})`),
    );
    this.sawLife();
    this.watchdog = setInterval(
      () => this.checkSilence(socket),
      this.options.silenceLimitMs / SILENCE_CHECKS,
    );
    this.watchdog.unref();
    this.pingRegularly(socket);
  }

  /** Only once the vendor has accepted us: until then it is the vendor's turn to speak. */
  private pingRegularly(socket: WebSocket): void {
    const { pingMs } = this.options;
    if (pingMs === undefined) return;
    this.pings = setInterval(() => {
      if (this.state === 'connected' && socket.readyState === WebSocket.OPEN) socket.ping();
    }, pingMs);
    this.pings.unref();
  }

  private controlOf(socket: WebSocket): SocketControl {
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      ready: () => {
        if (this.socket !== socket) return;
        if (this.everReady) this.reconnects += 1;
        this.everReady = true;
        this.attempts = 0;
        this.refusals = 0;
        this.lastError = null;
        this.log.log(`connected to ${this.options.label}`);
        this.settle('connected');
      },
      note: (complaint) => {
        this.lastError = complaint;
        this.log.warn(`${this.options.label}: ${complaint}`);
      },
      retry: (reason) => this.lose(socket, 'soon', reason),
      retryLater: (reason) => this.lose(socket, 'later', reason),
      giveUp: (reason) => this.lose(socket, 'never', reason),
    };
  }

  private checkSilence(socket: WebSocket): void {
    const { silenceLimitMs } = this.options;
    // One check earlier, so that it is noticed within the limit and not at the first check after it.
    const limitMs = this.state === 'connected' ? silenceLimitMs * (1 - 1 / SILENCE_CHECKS) : OPENING_LIMIT_MS;
    const silentMs = performance.now() - this.lastLifeAt;
    if (silentMs > limitMs) this.lose(socket, 'soon', `nothing came for ${Math.round(silentMs)} ms`);
  }

  /** The socket is gone, or is of no use: what comes next? */
  private lose(socket: WebSocket, next: Next, reason: string): void {
    if (this.socket !== socket) return;
    this.abandon();
    socket.terminate();
    this.lastError = reason;
    if (next === 'never') {
      this.log.error(`${this.options.label}: ${reason}`);
      this.settle('stopped');
      return;
    }
    const delayMs =
      next === 'later'
        ? backOffMs(this.refusals++, REFUSAL_BACK_OFF, this.random)
        : backOffMs(this.attempts, CONNECTION_BACK_OFF, this.random);
    this.attempts += 1;
    this.log.warn(`${this.options.label}: ${reason}; next attempt in ${delayMs} ms`);
    this.timer = setTimeout(() => this.open(), delayMs);
    this.settle('waiting');
  }

  private abandon(): void {
    clearInterval(this.watchdog);
    clearInterval(this.pings);
    this.socket = undefined;
    this.conversation?.closed?.();
    this.conversation = undefined;
  }

  private settle(state: FeedStatus['state']): void {
    this.state = state;
    const waiting = this.settled;
    this.settled = [];
    for (const resolve of waiting) resolve();
  }

  private sawLife(): void {
    this.lastLifeAt = performance.now();
  }
}

function textOf(reason: Buffer): string {
  return reason.length === 0 ? '' : ` ${reason.toString('utf8').slice(0, 100)}`;
}

/** Closes in peace, or by force when the other side does not answer in time. */
async function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => socket.terminate(), CLOSING_LIMIT_MS);
    socket.once('close', () => {
      clearTimeout(force);
      resolve();
    });
    socket.close(1000);
  });
}
