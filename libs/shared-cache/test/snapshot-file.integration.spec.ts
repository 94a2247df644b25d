import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { SnapshotFile } from '../src/live-market-data/snapshot-file';
import { aTick } from './harness';

describe('the snapshot file', () => {
  let directory: string;

  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'tickbridge-snapshot-'))));
  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(directory, { recursive: true, force: true });
  });

  const snapshot = (sequence: number) => ({
    epoch: 'e',
    sequence,
    flushedAt: 1,
    clockOffsetMs: null,
    barSequence: 0,
    ticks: [aTick({ symbol: 'A', sequence })],
  });

  it('holds the newest of many written at once, and no draft is left or lost', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const file = new SnapshotFile(directory, 'simulator');
    await Promise.all(Array.from({ length: 50 }, (_, index) => file.write(snapshot(index + 1))));
    expect((await file.readIfChanged())?.sequence).toBe(50);
    expect(await readdir(directory)).toEqual(['simulator.json']);
    expect(warn).not.toHaveBeenCalled();
  });
});
