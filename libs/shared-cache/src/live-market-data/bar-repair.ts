import { Logger } from '@nestjs/common';
import type { Bar } from '@tickbridge/contracts';
import type { Replica } from './replica';
import type { HttpSource } from './sources/http.source';

const RETRY_MS = 300;

/** Fetches bars a reader missed from the feed process, one request at a time, until nothing is missing. */
export class BarRepair {
  private readonly logger = new Logger('BarRepair');
  private wanted = false;
  private running = false;
  private stopped = false;

  constructor(
    private readonly http: HttpSource,
    private readonly replica: Replica,
    private readonly pass: (bars: readonly Bar[]) => void,
  ) {}

  /** Bars are missing. Returns at once. */
  request(): void {
    this.wanted = true;
    if (!this.running) void this.work();
  }

  stop(): void {
    this.stopped = true;
  }

  private async work(): Promise<void> {
    this.running = true;
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      const { epoch } = this.replica;
      if (epoch === undefined) break;
      try {
        const bars = await this.http.barsAfter(epoch, this.replica.bars.lastSequence);
        if (bars && epoch === this.replica.epoch) this.pass(this.replica.takeBars(bars, true).next);
      } catch (error) {
        this.logger.debug(`missing bars not fetched yet: ${(error as Error).message}`);
        this.wanted = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.running = false;
  }
}
