import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One line of a recording: `<local nanoseconds> <frame>`. */
export interface RecordedFrame {
  /** When the recorder read the frame (ms since 1970, with fractions). */
  recordedAt: number;
  text: string;
}

/** A line that is none; it has no time of its own. */
export interface BadLine {
  recordedAt: null;
  text: string;
}

export type RecordedLine = RecordedFrame | BadLine;

/** Reads a recording line by line, plain or `.gz`, without holding it in memory. */
export async function* readRecording(path: string): AsyncGenerator<RecordedLine> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? gunzipped(file) : file;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) if (line !== '') yield parseLine(line);
  } finally {
    lines.close();
    file.destroy();
  }
}

function parseLine(line: string): RecordedLine {
  const space = line.indexOf(' ');
  const recordedAt = space > 0 ? Number(line.slice(0, space)) / 1e6 : Number.NaN;
  if (!Number.isFinite(recordedAt) || recordedAt <= 0) return { recordedAt: null, text: line };
  return { recordedAt, text: line.slice(space + 1) };
}

function gunzipped(file: Readable): Readable {
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}
