import { Logger } from '@nestjs/common';
import { toIso, type Candle, type CandleInterval } from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import type { StoredCandle } from '../bars/candle';
import { CandleKeeper } from './candle.keeper';
import { CandleRepository } from './candle.repository';

/** A chart waits no longer for PostgreSQL (ms). */
const DEADLINE_MS = 400;
/** After it did not answer it is left alone for so long (ms). */
const LEAVE_ALONE_MS = 1_000;

/** Candles, and where they came from. */
export interface CandleAnswer {
  readonly candles: Candle[];
  /** `memory` means that older candles may exist but cannot be read now. */
  readonly source: 'memory+postgresql' | 'memory';
}

/** The newest candles of a symbol: what is stored, with what this process knows better laid over it. */
export class CandleReader {
  private readonly log = new Logger(CandleReader.name);
  private readonly asked = new Map<string, Promise<StoredCandle[]>>();
  private leftAloneUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly keeper: CandleKeeper,
    /** `null` without PostgreSQL. */
    private readonly repository: CandleRepository | null,
  ) {}

  /** Oldest first, the unfinished one included. Never waits long: without PostgreSQL there are just fewer. */
  async latest(symbol: string, interval: CandleInterval, limit: number): Promise<CandleAnswer> {
    const stored = await this.stored(symbol, interval, limit);
    const window = this.keeper.book.latest(symbol, interval, limit);
    const byTime = new Map([...(stored ?? []), ...window].map((candle) => [candle.openTime, candle]));
    const newest = [...byTime.values()].sort((a, b) => a.openTime - b.openTime).slice(-limit);
    return {
      candles: newest.map(({ openTime, ...figures }) => ({ time: toIso(openTime), ...figures })),
      source: stored === undefined ? 'memory' : 'memory+postgresql',
    };
  }

  private async stored(
    symbol: string,
    interval: CandleInterval,
    limit: number,
  ): Promise<StoredCandle[] | undefined> {
    if (this.repository === null || performance.now() < this.leftAloneUntil) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
    });
    try {
      return await Promise.race([this.ask(this.repository, symbol, interval, limit), late]);
    } catch (error) {
      this.leftAloneUntil = performance.now() + LEAVE_ALONE_MS;
      this.log.warn(`candles from memory only: ${rootMessage(error)}`);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Many who look at one chart ask PostgreSQL once. */
  private ask(
    repository: CandleRepository,
    symbol: string,
    interval: CandleInterval,
    limit: number,
  ): Promise<StoredCandle[]> {
    const key = `${interval} ${limit} ${symbol}`;
    const underWay = this.asked.get(key);
    if (underWay !== undefined) return underWay;
    const answer = repository.latest(symbol, interval, limit).finally(() => this.asked.delete(key));
    this.asked.set(key, answer);
    return answer;
  }
}
