import { setImmediate, setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { FeedStatus } from '@tickbridge/contracts';
import { parseBinanceFrame } from '../binance/binance.frames';
import { normaliseBinance } from '../binance/binance.normaliser';
import { Feed, type FeedConnection } from '../feed';
import type { FeedSink } from '../feed-sink';
import { mergeRecordings } from './merge-recordings';

/** Frames handled at full speed before other work of the process gets its turn. */
const FRAMES_PER_TURN = 200;

export interface ReplayFeedOptions {
  files: readonly string[];
  /** 1 is the recorded pace, 10 ten times that, `max` as fast as it goes. */
  speed: number | 'max';
  /** Replays only these symbols; `null` replays all. */
  symbols: readonly string[] | null;
}

/**
 * Recorded Binance frames, played back through the same parser, gate and bar builder as live ones.
 *
 * A bad line is counted and skipped. At the end of the recording the state is `finished`: everything
 * learned stays readable, and grows old.
 */
export class ReplayFeed extends Feed {
  readonly name = 'replay';
  readonly simulated = true;
  readonly silenceLimitMs = 10_000;
  private readonly log = new Logger(ReplayFeed.name);
  private readonly seen = new Set<string>();
  private readonly wanted: ReadonlySet<string> | null;
  private current: FeedStatus['state'] = 'idle';
  private lastError: string | null = null;
  private abort: AbortController | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: ReplayFeedOptions,
    private readonly sink: FeedSink,
  ) {
    super();
    this.wanted = options.symbols === null ? null : new Set(options.symbols);
  }

  get state(): FeedStatus['state'] {
    return this.current;
  }

  /** The symbols asked for; without a list, those found in the recording so far. */
  symbols(): readonly string[] {
    return this.options.symbols ?? [...this.seen];
  }

  isSubscribed(symbol: string): boolean {
    return this.wanted?.has(symbol) ?? this.seen.has(symbol);
  }

  /** Starts from the beginning, once; a replay under way or finished stays as it is. */
  connect(): Promise<void> {
    if (this.state === 'connected' || this.state === 'finished') return Promise.resolve();
    this.abort = new AbortController();
    this.current = 'connected';
    this.running = this.play(this.abort.signal);
    return Promise.resolve();
  }

  async disconnect(): Promise<void> {
    this.abort?.abort();
    await this.running;
  }

  connection(): FeedConnection {
    return {
      state: this.state,
      connected: this.state === 'connected',
      attempts: 0,
      lastError: this.lastError,
      reconnects: 0,
      symbolsRequested: this.symbols().length,
      symbolsRefused: [],
    };
  }

  private async play(stopped: AbortSignal): Promise<void> {
    this.sink.connectionStarted(this.symbols());
    try {
      await this.playLines(stopped);
    } catch (error) {
      if (!stopped.aborted) {
        // A truncated archive: what came before it stands.
        this.lastError = `recording ended early: ${error instanceof Error ? error.message : String(error)}`;
        this.log.error(this.lastError);
      }
    }
    this.current = stopped.aborted ? 'stopped' : 'finished';
    if (!stopped.aborted) this.sink.ended();
    this.log.log(`replay ${this.state}`);
  }

  private async playLines(stopped: AbortSignal): Promise<void> {
    const pace = new Pace(this.options.speed);
    let frames = 0;
    for await (const line of mergeRecordings(this.options.files)) {
      if (stopped.aborted) return;
      if (line.recordedAt === null) {
        this.sink.reject('malformed', line.text);
        continue;
      }
      const waitMs = pace.waitMs(line.recordedAt);
      if (waitMs > 0) await setTimeout(waitMs, undefined, { signal: stopped });
      else if (++frames % FRAMES_PER_TURN === 0) await setImmediate();
      this.take(line.text, line.recordedAt);
    }
  }

  private take(text: string, recordedAt: number): void {
    const frame = parseBinanceFrame(text);
    if (frame.type === 'malformed') return this.sink.reject('malformed', text);
    if (frame.type === 'other') return this.sink.ignore(frame.kind);
    if (!('data' in frame)) return this.sink.ignore(frame.type);
    const update = normaliseBinance(frame, recordedAt);
    if (update === undefined) return this.sink.reject('malformed', text);
    if (this.wanted !== null && !this.wanted.has(update.symbol)) return this.sink.ignore('not-requested');
    this.seen.add(update.symbol);
    this.sink.accept(update);
  }
}

/** Turns recorded times into waiting times. */
class Pace {
  private startedAt: number | undefined;
  private firstRecordedAt = 0;

  constructor(private readonly speed: number | 'max') {}

  /** Milliseconds until a frame recorded at this time is due; under 2 ms it is due now. */
  waitMs(recordedAt: number): number {
    if (this.speed === 'max') return 0;
    if (this.startedAt === undefined) {
      this.startedAt = performance.now();
      this.firstRecordedAt = recordedAt;
    }
    const dueAt = this.startedAt + (recordedAt - this.firstRecordedAt) / this.speed;
    const waitMs = dueAt - performance.now();
    return waitMs < 2 ? 0 : waitMs;
  }
}
