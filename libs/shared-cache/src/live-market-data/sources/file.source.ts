import type { SnapshotFile } from '../snapshot-file';
import type { LiveSourceListener } from './live-source.listener';

const POLL_MS = 500;

/** The snapshot file, polled: the last resort when neither Redis nor HTTP delivers. */
export class FileSource {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: SnapshotFile,
    private readonly listener: LiveSourceListener,
  ) {}

  get active(): boolean {
    return this.timer !== undefined;
  }

  start(): void {
    if (this.timer) return;
    this.timer = setInterval(() => void this.poll(), POLL_MS);
    void this.poll();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async poll(): Promise<void> {
    const snapshot = await this.file.readIfChanged();
    if (snapshot && this.active) this.listener.snapshot(snapshot, 'file');
  }
}
