import { setTimeout } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { recordedFrames } from './recorded-stream';

const commandSchema = z.object({
  method: z.enum(['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS']),
  params: z.array(z.string()).default([]),
  id: z.union([z.number(), z.string(), z.null()]).default(null),
});

/** Frames of one turn before others get theirs. */
const FRAMES_PER_TURN = 100;

/** One client of the combined stream: plays it the recordings from their beginning, at a speed factor. */
export class BinanceSession {
  private readonly streams: Set<string>;
  private readonly stopped = new AbortController();

  constructor(
    private readonly socket: WebSocket,
    private readonly files: readonly string[],
    private readonly speed: number,
    streams: readonly string[],
  ) {
    this.streams = new Set(streams);
    socket.on('message', (data) => this.obey(String(data)));
    socket.on('close', () => this.stopped.abort());
  }

  /** Plays all files side by side; ends with them or with the connection. */
  async play(): Promise<void> {
    const startedAt = performance.now();
    let firstRecordedAt: number | undefined;
    await Promise.all(
      this.files.map(async (file) => {
        let sent = 0;
        for await (const frame of recordedFrames(file)) {
          if (this.stopped.signal.aborted) return;
          firstRecordedAt ??= frame.recordedAt;
          const dueAt = startedAt + (frame.recordedAt - firstRecordedAt) / this.speed;
          const waitMs = dueAt - performance.now();
          if (waitMs >= 2 || ++sent % FRAMES_PER_TURN === 0) await this.pause(Math.max(0, waitMs));
          if (this.streams.has(frame.stream)) this.send(frame.text);
        }
      }),
    );
  }

  private async pause(ms: number): Promise<void> {
    try {
      await setTimeout(ms, undefined, { signal: this.stopped.signal });
    } catch {
      // The client has left; the loop sees it.
    }
  }

  private obey(text: string): void {
    const command = commandSchema.safeParse(parseJson(text));
    if (!command.success) {
      this.send(JSON.stringify({ code: 2, msg: 'Invalid request: expected method, params and id' }));
      return;
    }
    const { method, params, id } = command.data;
    if (method === 'SUBSCRIBE') for (const stream of params) this.streams.add(stream);
    if (method === 'UNSUBSCRIBE') for (const stream of params) this.streams.delete(stream);
    this.send(JSON.stringify({ result: method === 'LIST_SUBSCRIPTIONS' ? [...this.streams] : null, id }));
  }

  private send(text: string): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(text);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses `undefined`, and the client is told.
    return undefined;
  }
}
