import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import type { Snapshot } from './frame';
import { snapshotFromText, snapshotToText } from './frame-text';

/** The newest snapshot in a file: a reader's source when neither Redis nor HTTP delivers. */
export class SnapshotFile {
  readonly path: string;
  private readonly logger = new Logger('SnapshotFile');
  private writtenSequence = -1;
  private readVersion = 0;
  private failing = false;
  /** To be written next, and what writes: two at once would write the same draft. */
  private next: Snapshot | undefined;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly directory: string,
    source: FeedName,
  ) {
    this.path = join(directory, `${source}.json`);
  }

  /**
   * Replaces the file in one step, so that no reader sees half of it. Skips when nothing changed, and what is outdated
   * before its turn comes.
   */
  write(snapshot: Snapshot): Promise<void> {
    this.next = snapshot;
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    for (let snapshot = this.next; snapshot !== undefined; snapshot = this.next) {
      this.next = undefined;
      await this.replace(snapshot);
    }
  }

  private async replace(snapshot: Snapshot): Promise<void> {
    if (snapshot.sequence === this.writtenSequence || snapshot.ticks.length === 0) return;
    this.writtenSequence = snapshot.sequence;
    const draft = `${this.path}.${process.pid}`;
    try {
      await mkdir(this.directory, { recursive: true });
      await writeFile(draft, snapshotToText(snapshot));
      await rename(draft, this.path);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`snapshot file cannot be written: ${(error as Error).message}`);
      this.failing = true;
      // The same snapshot is worth another try, and what there is of the draft may be what fills the disk.
      this.writtenSequence = -1;
      await rm(draft, { force: true });
    }
  }

  /** @returns the snapshot when there is one that changed since the last read, else `undefined` */
  async readIfChanged(): Promise<Snapshot | undefined> {
    try {
      const { mtimeMs } = await stat(this.path);
      if (mtimeMs === this.readVersion) return undefined;
      this.readVersion = mtimeMs;
      return snapshotFromText(await readFile(this.path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.logger.debug(`snapshot file cannot be read: ${(error as Error).message}`);
      }
      return undefined;
    }
  }
}
