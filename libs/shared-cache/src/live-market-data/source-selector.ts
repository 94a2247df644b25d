import { HEARTBEAT_MS } from './live-market.publisher';
import type { FileSource } from './sources/file.source';
import type { HttpSource } from './sources/http.source';
import type { RedisSource } from './sources/redis.source';

const CHECK_MS = 200;
/** Frames come at least every heartbeat; a source silent for two of them has stopped delivering. */
const SILENT_AFTER_MS = 2 * HEARTBEAT_MS;

/**
 * Starts the fallback sources while the ones before them are silent and stops them when those deliver again.
 *
 * Redis is always listened to, so its return needs no decision: its frames are simply the newest again.
 */
export class SourceSelector {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly redis: RedisSource,
    private readonly http: HttpSource | undefined,
    private readonly file: FileSource | undefined,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.check(), CHECK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.http?.stop();
    this.file?.stop();
  }

  /** A frame of Redis fits: nothing else is needed, and two sources at once would only take turns. */
  redisDelivers(): void {
    this.http?.stop();
    this.file?.stop();
  }

  private check(): void {
    if (this.redis.silenceMs() < SILENT_AFTER_MS) {
      this.redisDelivers();
      return;
    }
    this.http?.start();
    // A stream that was just opened is given time to deliver before the file is read.
    if (this.http && this.http.silenceMs() < SILENT_AFTER_MS) this.file?.stop();
    else if (!this.http || this.http.openForMs() > SILENT_AFTER_MS) this.file?.start();
  }
}
