import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** A recorded frame: when it was read (ms since 1970), its stream, and its text. */
export interface StreamFrame {
  recordedAt: number;
  stream: string;
  text: string;
}

const STREAM = /"stream":"([^"]+)"/;

/** Frames of one recording, `<local nanoseconds> <frame>` per line, plain or `.gz`; other lines are left out. */
export async function* recordedFrames(path: string): AsyncGenerator<StreamFrame> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) {
      const space = line.indexOf(' ');
      const recordedAt = Number(line.slice(0, space)) / 1e6;
      const stream = STREAM.exec(line)?.[1];
      if (space < 0 || !Number.isFinite(recordedAt) || stream === undefined) continue;
      yield { recordedAt, stream, text: line.slice(space + 1) };
    }
  } finally {
    lines.close();
    file.destroy();
  }
}
