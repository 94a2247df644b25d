import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Bar } from '@tickbridge/contracts';
import { RecordedBars } from '@tickbridge/trading-core';
import { BacktestFailure } from './backtest-job';

/** Lines between two reports of progress. */
const LINES_PER_REPORT = 2_000;

/** One file of a recording, read line by line, plain or `.gz`. */
class RecordedFile {
  private readonly file;
  private readonly lines: AsyncIterator<string>;
  head: string | undefined;
  headTime = 0n;

  constructor(path: string) {
    this.file = createReadStream(path);
    const gunzip = path.endsWith('.gz') ? this.file.pipe(createGunzip()) : undefined;
    this.file.on('error', (error) => gunzip?.destroy(error));
    const input = createInterface({ input: gunzip ?? this.file, crlfDelay: Number.POSITIVE_INFINITY });
    this.lines = input[Symbol.asyncIterator]();
  }

  get bytesRead(): number {
    return this.file.bytesRead;
  }

  /** Moves to the next line; a line without a time goes out where it stands. */
  async advance(): Promise<void> {
    const { done, value } = await this.lines.next();
    this.head = done ? undefined : value;
    const time = /^\d+(?= )/.exec(this.head ?? '')?.[0];
    if (time !== undefined) this.headTime = BigInt(time);
  }

  close(): void {
    this.file.destroy();
  }
}

/** Bars of recordings, several files as one in the order the frames were recorded. */
export async function* recordingBars(
  paths: readonly string[],
  symbols: ReadonlySet<string> | undefined,
): AsyncGenerator<{ bars: Bar[]; percent: number }> {
  if (paths.length === 0)
    throw new BacktestFailure('NO_RECORDING', 'No recording is configured: set REPLAY_FILE');
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const total = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const files = paths.map((path) => new RecordedFile(path));
  const builder = new RecordedBars(symbols);
  try {
    await Promise.all(files.map((file) => file.advance()));
    let waiting: Bar[] = [];
    for (let lines = 1; ; lines += 1) {
      const file = earliest(files);
      if (!file?.head) break;
      waiting.push(...builder.take(file.head));
      await file.advance();
      if (lines % LINES_PER_REPORT !== 0) continue;
      const read = files.reduce((sum, one) => sum + one.bytesRead, 0);
      yield { bars: waiting, percent: (read / total) * 100 };
      waiting = [];
    }
    yield { bars: [...waiting, ...builder.finish()], percent: 100 };
  } finally {
    for (const file of files) file.close();
  }
}

/** At the same time the file named first comes first. */
function earliest(files: readonly RecordedFile[]): RecordedFile | undefined {
  let found: RecordedFile | undefined;
  for (const file of files) {
    if (file.head !== undefined && (!found || file.headTime < found.headTime)) found = file;
  }
  return found;
}
