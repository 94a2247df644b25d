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
  /** Written by this process, and the report of that write has not been heard yet. */
  own: boolean;
  /** The link to shared memory under which it was last known to be true. */
  epoch: number;
}

/** An entry and where it is. */
export interface HeldEntry {
  readonly namespace: string;
  readonly key: string;
  readonly entry: MemoryEntry;
}

/** What memory holds of one namespace, and what it had to let go. */
export interface MemoryUse {
  readonly entries: number;
  /** As encoded. */
  readonly bytes: number;
  /** Entries that had to leave before their life ended. */
  readonly evicted: number;
}

interface Space {
  readonly name: string;
  readonly nodes: Map<string, Node>;
  bytes: number;
  evicted: number;
}

interface Node {
  readonly space: Space;
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
  private readonly spaces = new Map<string, Space>();
  private hand: Node | undefined;
  private count = 0;
  private bytes_ = 0;
  private walk: Iterator<Node> | undefined;

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

  /** By namespace. */
  get use(): ReadonlyMap<string, MemoryUse> {
    const use = new Map<string, MemoryUse>();
    for (const { name, nodes, bytes, evicted } of this.spaces.values()) {
      use.set(name, { entries: nodes.size, bytes, evicted });
    }
    return use;
  }

  get(namespace: string, key: string): MemoryEntry | undefined {
    const node = this.spaces.get(namespace)?.nodes.get(key);
    if (node === undefined) return undefined;
    node.used = true;
    return node.entry;
  }

  set(namespace: string, key: string, entry: MemoryEntry): void {
    let space = this.spaces.get(namespace);
    if (space === undefined) {
      space = { name: namespace, nodes: new Map(), bytes: 0, evicted: 0 };
      this.spaces.set(namespace, space);
    }
    const held = space.nodes.get(key);
    const more = entry.bytes - (held?.entry.bytes ?? 0);
    if (held) {
      held.entry = entry;
      held.used = true;
    } else {
      space.nodes.set(key, this.link({ space, key, entry, used: false }));
      this.count += 1;
    }
    space.bytes += more;
    this.bytes_ += more;
    while (this.count > this.maxEntries || this.bytes_ > this.maxBytes) this.evict();
  }

  delete(namespace: string, key: string): boolean {
    const node = this.spaces.get(namespace)?.nodes.get(key);
    if (node === undefined) return false;
    this.unlink(node);
    return true;
  }

  /** Drops those entries of a namespace. */
  deleteWhere(namespace: string, condition: (entry: MemoryEntry) => boolean): void {
    for (const node of this.spaces.get(namespace)?.nodes.values() ?? []) {
      if (condition(node.entry)) this.unlink(node);
    }
  }

  /** Some entries; the next sample goes on where this one ended, so that each entry's turn comes. */
  sample(count: number): HeldEntry[] {
    const sampled: HeldEntry[] = [];
    this.walk ??= this.nodes();
    while (sampled.length < count) {
      const next = this.walk.next();
      if (next.done === true) {
        this.walk = undefined;
        return sampled;
      }
      const { space, key, entry } = next.value;
      sampled.push({ namespace: space.name, key, entry });
    }
    return sampled;
  }

  clear(): void {
    for (const space of this.spaces.values()) {
      space.nodes.clear();
      space.bytes = 0;
    }
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
    this.hand.space.evicted += 1;
    this.unlink(this.hand);
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
    node.space.nodes.delete(node.key);
    node.space.bytes -= node.entry.bytes;
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

  private *nodes(): Generator<Node, void, undefined> {
    for (const { nodes } of this.spaces.values()) yield* nodes.values();
  }
}
