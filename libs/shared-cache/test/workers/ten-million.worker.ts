import { MemoryTier } from '../../src/cache/memory.tier';

// Passes distinct keys through L1 in a process with a small heap, in which they would not fit.
//   argv: how many keys, how many L1 keeps
const [passing = 0, kept = 0] = process.argv.slice(2).map(Number);
const memory = new MemoryTier(kept, Number.POSITIVE_INFINITY);

for (let at = 0; at < passing; at += 1) {
  const key = `key-${at}`;
  memory.set('n', key, {
    value: { key },
    tags: [],
    bytes: 10,
    asOfMs: 0,
    freshUntilMs: Number.POSITIVE_INFINITY,
    staleUntilMs: Number.POSITIVE_INFINITY,
    version: 1,
    asOf: 1,
    own: false,
    epoch: 1,
  });
}
process.send?.({
  entries: memory.size,
  bytes: memory.bytes,
  evicted: memory.use.get('n')?.evicted,
  newest: memory.get('n', `key-${passing - 1}`)?.value,
});
