import type { RedisConnection } from '../connection/redis.connection';

/** One command answers for at most so many keys, so that no reader waits for too many others. */
const MAX_KEYS = 256;

type Answer = Buffer | null;

/** Reads that go out together. */
class Batch {
  readonly keys: string[] = [];
  private readonly waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];

  add(key: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.keys.push(key);
      this.waiting.push({ resolve, reject });
    });
  }

  send(redis: RedisConnection): void {
    const [only] = this.keys;
    const asked: Promise<Answer[]> =
      this.keys.length === 1 && only !== undefined
        ? redis.run((client) => client.getBuffer(only)).then((answer) => [answer])
        : redis.run((client) => client.mgetBuffer(...this.keys));
    asked.then(
      (answers) => this.waiting.forEach(({ resolve }, at) => resolve(answers[at] ?? null)),
      (error: Error) => this.waiting.forEach(({ reject }) => reject(error)),
    );
  }
}

/**
 * Reads of single keys. Those asked for in one turn of the event loop go out together as one MGET; a lone one goes out
 * by itself, and none waits for others to come.
 */
export class RedisReads {
  private batch: Batch | undefined;

  constructor(private readonly redis: RedisConnection) {}

  get(key: string): Promise<Answer> {
    const batch = (this.batch ??= this.begin());
    const answer = batch.add(key);
    if (batch.keys.length === MAX_KEYS) this.send(batch);
    return answer;
  }

  private begin(): Batch {
    const batch = new Batch();
    // Everybody who was woken by the same answer asks before this runs.
    process.nextTick(() => {
      if (this.batch === batch) this.send(batch);
    });
    return batch;
  }

  private send(batch: Batch): void {
    this.batch = undefined;
    batch.send(this.redis);
  }
}
