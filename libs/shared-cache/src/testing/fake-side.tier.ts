import type { SideTier } from '../cache/side-tier';

/** A Memcached in memory: it keeps bytes, and may lose or spoil them. */
export class FakeSideServer {
  private readonly data = new Map<string, Uint8Array>();

  get(key: string): Uint8Array | undefined {
    return this.data.get(key);
  }

  set(key: string, bytes: Uint8Array): void {
    this.data.set(key, bytes);
  }

  delete(key: string): void {
    this.data.delete(key);
  }

  /** What a server under pressure does. */
  evictAll(): void {
    this.data.clear();
  }

  /** One byte of every value is another. */
  spoilAll(at: number): void {
    for (const [key, bytes] of this.data) {
      const spoilt = Uint8Array.from(bytes);
      const index = at % spoilt.length;
      spoilt[index] = (spoilt[index] ?? 0) ^ 0x40;
      this.data.set(key, spoilt);
    }
  }
}

/** One process's way to a `FakeSideServer`, each step of which is taken when the test says so. */
export class FakeSideTier implements SideTier {
  readonly configured = true;
  available = true;
  /** Takes every step at once, for tests that are not about their order. */
  automatic = false;
  private requests: (() => void)[] = [];
  private answers: (() => void)[] = [];

  constructor(readonly server: FakeSideServer) {}

  get waiting(): { requests: number; answers: number } {
    return { requests: this.requests.length, answers: this.answers.length };
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.call(() => this.server.get(key));
  }

  async set(key: string, bytes: Uint8Array): Promise<void> {
    await this.call(() => this.server.set(key, bytes));
  }

  async delete(key: string): Promise<void> {
    await this.call(() => this.server.delete(key));
  }

  /** The server does one request, not always the oldest. */
  executeNext(index = 0): void {
    this.requests.splice(index % Math.max(1, this.requests.length), 1)[0]?.();
  }

  answerNext(): void {
    this.answers.shift()?.();
  }

  /** The server does not answer: every call ends without a result. */
  fail(): void {
    this.available = false;
    while (this.waiting.answers > 0) this.answerNext();
    for (const request of this.requests.splice(0)) request();
    while (this.waiting.answers > 0) this.answerNext();
  }

  recover(): void {
    this.available = true;
  }

  private call<T>(work: () => T | undefined): Promise<T | undefined> {
    if (!this.available) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.requests.push(() => {
        const outcome = this.available ? work() : undefined;
        this.answers.push(() => resolve(outcome));
      });
      if (!this.automatic) return;
      this.executeNext();
      this.answerNext();
    });
  }
}
