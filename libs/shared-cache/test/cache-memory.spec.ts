import { type MemoryEntry, MemoryTier } from '../src/cache/memory.tier';

const entry = (bytes: number, tags: readonly string[] = []): MemoryEntry => ({
  value: bytes,
  tags,
  bytes,
  asOfMs: 0,
  freshUntilMs: Number.POSITIVE_INFINITY,
  staleUntilMs: Number.POSITIVE_INFINITY,
  version: 1,
  asOf: 1,
  own: false,
  epoch: 1,
});

describe('L1', () => {
  it('stays at its bound of bytes, whatever the sizes', () => {
    const memory = new MemoryTier(1_000, 5_000);
    for (let at = 0; at < 10_000; at += 1) {
      memory.set('n', `key-${at}`, entry((at * 7_919) % 900));
      expect(memory.bytes).toBeLessThanOrEqual(5_000);
    }
  });

  it('does not keep a value larger than all of it', () => {
    const memory = new MemoryTier(10, 100);
    memory.set('n', 'large', entry(101));
    expect(memory.get('n', 'large')).toBeUndefined();
    expect(memory.bytes).toBe(0);
  });

  it('keeps what is read while others pass', () => {
    const memory = new MemoryTier(10, Number.POSITIVE_INFINITY);
    memory.set('n', 'read', entry(1));
    for (let at = 0; at < 1_000; at += 1) {
      expect(memory.get('n', 'read')).toBeDefined();
      memory.set('n', `key-${at}`, entry(1));
    }
    expect(memory.get('n', 'read')).toBeDefined();
  });

  it('drops by tag or namespace and keeps its books', () => {
    const memory = new MemoryTier(100, 1_000);
    memory.set('a', '1', entry(10, ['x']));
    memory.set('a', '2', entry(10, ['y']));
    memory.set('b', '1', entry(10, ['x']));
    memory.deleteWhere('a', ({ tags }) => tags.includes('x'));
    expect([memory.size, memory.bytes]).toEqual([2, 20]);
    memory.deleteWhere('a', () => true);
    expect([memory.size, memory.bytes]).toEqual([1, 10]);
    memory.set('b', '1', entry(30));
    expect(memory.bytes).toBe(30);
    memory.clear();
    expect([memory.size, memory.bytes]).toEqual([0, 0]);
    memory.set('b', '1', entry(30));
    expect(memory.size).toBe(1);
  });
});
