import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RecordingSink } from '../../testing/recording-sink';
import { until } from '@tickbridge/shared-cache/testing';
import { ReplayFeed } from './replay.feed';

const START_MS = 1_723_161_255_000;

function line(offsetMs: number, symbol: string, id: number): string {
  const recorded = BigInt(START_MS + offsetMs) * 1_000_000n;
  const data = {
    e: 'trade',
    E: START_MS + offsetMs,
    s: symbol,
    t: id,
    p: '10',
    q: '1',
    T: START_MS + offsetMs,
    m: true,
    M: true,
  };
  return `${recorded} ${JSON.stringify({ stream: `${symbol.toLowerCase()}@trade`, data })}`;
}

describe('replay feed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'replay-'));
  const write = (name: string, lines: readonly string[]) => {
    const path = join(directory, name);
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(lines.join('\n')) : lines.join('\n'));
    return path;
  };

  afterAll(() => rmSync(directory, { recursive: true }));

  async function play(
    files: readonly string[],
    options: { speed?: number | 'max'; symbols?: string[] } = {},
  ) {
    const sink = new RecordingSink();
    const feed = new ReplayFeed(
      { files, speed: options.speed ?? 'max', symbols: options.symbols ?? null },
      sink,
    );
    await feed.connect();
    return { sink, feed };
  }

  it('plays several files as one, in the order of the recording', async () => {
    const a = write('a', [line(0, 'AUSDT', 1), line(20, 'AUSDT', 2)]);
    const b = write('b.gz', [line(10, 'BUSDT', 1), line(30, 'BUSDT', 2)]);
    const { sink, feed } = await play([a, b]);
    await until('the end', () => sink.hasEnded);
    expect(sink.updates.map(({ symbol }) => symbol)).toEqual(['AUSDT', 'BUSDT', 'AUSDT', 'BUSDT']);
    expect(feed.connection()).toMatchObject({ state: 'finished', symbolsRequested: 2, lastError: null });
    expect(feed.isSubscribed('BUSDT')).toBe(true);
  });

  it('counts bad lines and never stops at one', async () => {
    const path = write('bad', [
      'no number here',
      line(0, 'AUSDT', 1),
      `${START_MS}000000 {"stream":`,
      line(5, 'AUSDT', 2),
    ]);
    const { sink } = await play([path]);
    await until('the end', () => sink.hasEnded);
    expect(sink.updates).toHaveLength(2);
    expect(sink.rejected).toEqual(['malformed', 'malformed']);
  });

  it('keeps what a cut-off archive held, and says that it was cut off', async () => {
    const whole = gzipSync(Array.from({ length: 5_000 }, (_, id) => line(id, 'AUSDT', id)).join('\n'));
    const path = join(directory, 'cut.gz');
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    const { sink, feed } = await play([path]);
    await until('the end', () => sink.hasEnded);
    expect(sink.updates.length).toBeGreaterThan(100);
    expect(feed.connection().lastError).toContain('recording ended early');
  });

  it('keeps the recorded pace times the speed', async () => {
    const path = write('paced', [line(0, 'AUSDT', 1), line(2_000, 'AUSDT', 2)]);
    const startedAt = performance.now();
    const { sink } = await play([path], { speed: 10 });
    await until('the end', () => sink.hasEnded);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
  });

  it('can be stopped in the middle', async () => {
    const path = write('long', [line(0, 'AUSDT', 1), line(60_000, 'AUSDT', 2)]);
    const { sink, feed } = await play([path], { speed: 1 });
    await until('the first trade', () => sink.updates.length === 1);
    await feed.disconnect();
    expect(feed.connection().state).toBe('stopped');
    expect(sink.hasEnded).toBe(false);
  });

  it('replays only the symbols asked for', async () => {
    const path = write('both', [line(0, 'AUSDT', 1), line(1, 'BUSDT', 1)]);
    const { sink } = await play([path], { symbols: ['BUSDT'] });
    await until('the end', () => sink.hasEnded);
    expect(sink.updates.map(({ symbol }) => symbol)).toEqual(['BUSDT']);
  });
});
