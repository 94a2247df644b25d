/** A value held in this process's memory. Times are those of the value, not of the copy. */
export interface MemoryEntry<T = unknown> {
  /** `undefined`: it is known that there is no such thing. */
  readonly value: T | undefined;
  readonly tags: readonly string[];
  /** Size as encoded. */
  readonly bytes: number;
  /** As of when the value is (steady milliseconds). */
  readonly asOfMs: number;
  /** End of its life, and of its grace (steady milliseconds). */
  readonly freshUntilMs: number;
  readonly staleUntilMs: number;
  /** Version in shared memory, and as of when it counts there (server microseconds); 0 while they are not known. */
  version: number;
  asOf: number;
  /** Written by this process, and the echo of that write has not been heard yet. */
  own: boolean;
  /** The link to shared memory under which it was last known to be true. */
  epoch: number;
}

interface Node {
  readonly namespace: string;
  readonly key: string;
  entry: MemoryEntry;
  used: boolean;
  next: Node;
  previous: Node;
}

/**
 * L1: this process's memory, bounded by entries and bytes.
 *
 * Entries leave in the order they came, but one that was read since gets another round (CLOCK): a hit costs a flag,
 * not a move.
 */
export class MemoryTier {
  private readonly spaces = new Map<string, Map<string, Node>>();
  private hand: Node | undefined;
  private count = 0;
  private bytes_ = 0;
  private evicted_ = 0;

  constructor(
    readonly maxEntries: number,
    readonly maxBytes: number,
  ) {}

  get size(): number {
    return this.count;
  }

  get bytes(): number {
    return this.bytes_;
  }

  /** Entries that had to leave before their life ended. */
  get evicted(): number {
    return this.evicted_;
  }

  get(namespace: string, key: string): MemoryEntry | undefined {
    const node = this.spaces.get(namespace)?.get(key);
    if (node === undefined) return undefined;
    node.used = true;
    return node.entry;
  }

  set(namespace: string, key: string, entry: MemoryEntry): void {
    let space = this.spaces.get(namespace);
    if (space === undefined) this.spaces.set(namespace, (space = new Map()));
    const held = space.get(key);
    if (held) {
      this.bytes_ += entry.bytes - held.entry.bytes;
      held.entry = entry;
      held.used = true;
    } else {
      space.set(key, this.link({ namespace, key, entry, used: false }));
      this.count += 1;
      this.bytes_ += entry.bytes;
    }
    while (this.count > this.maxEntries || this.bytes_ > this.maxBytes) this.evict();
  }

  delete(namespace: string, key: string): boolean {
    const node = this.spaces.get(namespace)?.get(key);
    if (node === undefined) return false;
    this.unlink(node);
    return true;
  }

  /** Drops those entries of a namespace. */
  deleteWhere(namespace: string, condition: (entry: MemoryEntry) => boolean): void {
    for (const node of this.spaces.get(namespace)?.values() ?? []) {
      if (condition(node.entry)) this.unlink(node);
    }
  }

  clear(): void {
    this.spaces.clear();
    this.hand = undefined;
    this.count = 0;
    this.bytes_ = 0;
  }

  private evict(): void {
    while (this.hand?.used) {
      this.hand.used = false;
      this.hand = this.hand.next;
    }
    if (this.hand === undefined) return;
    this.unlink(this.hand);
    this.evicted_ += 1;
  }

  /** New nodes go behind the hand: it meets them last. */
  private link(content: Omit<Node, 'next' | 'previous'>): Node {
    const node = content as Node;
    if (this.hand === undefined) {
      node.next = node.previous = node;
      this.hand = node;
      return node;
    }
    node.next = this.hand;
    node.previous = this.hand.previous;
    node.previous.next = node;
    this.hand.previous = node;
    return node;
  }

  private unlink(node: Node): void {
    this.spaces.get(node.namespace)?.delete(node.key);
    this.count -= 1;
    this.bytes_ -= node.entry.bytes;
    if (node.next === node) {
      this.hand = undefined;
      return;
    }
    node.previous.next = node.next;
    node.next.previous = node.previous;
    if (this.hand === node) this.hand = node.next;
  }
}
