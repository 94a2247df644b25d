import { setTimeout } from 'node:timers/promises';
import { recordedFrames, type StreamFrame } from './recorded-stream';

/** Frames of one turn before others get theirs. */
const FRAMES_PER_TURN = 100;

/**
 * The recorded market as it goes on: it starts with the first client and runs to its end whoever listens, so that a
 * client that lost its connection has missed something. After the end the next client starts it anew.
 */
export class Playback {
  private readonly listeners = new Set<(frame: StreamFrame) => void>();
  private readonly stopped = new AbortController();
  private running: Promise<void> | undefined;
  private reached = Number.NEGATIVE_INFINITY;

  /** @param speed 1 is the recorded pace */
  constructor(
    private readonly files: readonly string[],
    private readonly speed: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Recorded time of the newest frame that was played (ms since 1970). */
  get reachedAt(): number {
    return this.reached;
  }

  /** Whether it is being played now: what comes later has not happened yet. */
  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Hears every frame from now on. @returns ends the listening */
  listen(listener: (frame: StreamFrame) => void): () => void {
    this.listeners.add(listener);
    this.running ??= this.play()
      .catch(this.failed)
      .finally(() => (this.running = undefined));
    return () => this.listeners.delete(listener);
  }

  stop(): void {
    this.stopped.abort();
  }

  /** Plays all files side by side. */
  private async play(): Promise<void> {
    const startedAt = performance.now();
    let firstRecordedAt: number | undefined;
    this.reached = Number.NEGATIVE_INFINITY;
    await Promise.all(
      this.files.map(async (file) => {
        let played = 0;
        for await (const frame of recordedFrames(file)) {
          if (this.stopped.signal.aborted) return;
          firstRecordedAt ??= frame.recordedAt;
          const dueAt = startedAt + (frame.recordedAt - firstRecordedAt) / this.speed;
          const waitMs = dueAt - performance.now();
          if (waitMs >= 2 || ++played % FRAMES_PER_TURN === 0) await this.pause(Math.max(0, waitMs));
          this.reached = Math.max(this.reached, frame.recordedAt);
          for (const listener of this.listeners) listener(frame);
        }
      }),
    );
  }

  private async pause(ms: number): Promise<void> {
    try {
      await setTimeout(ms, undefined, { signal: this.stopped.signal });
    } catch {
      // The simulator stops; the loop sees it.
    }
  }
}
