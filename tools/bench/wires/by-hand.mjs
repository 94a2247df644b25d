import { Redis } from 'ioredis-6';
import { pack, unpack } from 'msgpackr';

const BATCH_MS = 1;

/** The limit: what somebody would write who needs nothing but this, and nothing that can fail. */
export const byHand = {
  name: 'by hand',
  setUp: 'batches of 1 ms: newest per symbol, one HSET and one PUBLISH of msgpack rows in a pipeline',
  async open(redis) {
    const client = new Redis(redis);
    const changed = new Map();
    let timer;
    const flush = () => {
      timer = undefined;
      const fields = [];
      for (const [symbol, tick] of changed) fields.push(symbol, JSON.stringify(tick));
      const frame = pack([...changed.values()].map(Object.values));
      changed.clear();
      client
        .pipeline()
        .hset('hand:live', ...fields)
        .publish('hand:ticks', frame)
        .exec();
    };
    return {
      send(tick) {
        changed.set(tick.symbol, tick);
        timer ??= setTimeout(flush, BATCH_MS);
      },
      close: () => client.disconnect(),
    };
  },
  async listen(redis, onTick) {
    const client = new Redis(redis);
    await client.subscribe('hand:ticks');
    client.on('messageBuffer', (_channel, data) => {
      for (const row of unpack(data)) onTick(toTick(row));
    });
  },
};

const NAMES = [
  ...['symbol', 'assetClass', 'lastPrice', 'lastQuantity', 'volume', 'open', 'high', 'low', 'previousClose'],
  ...['change', 'changePercent', 'bid', 'bidQuantity', 'ask', 'askQuantity', 'openInterest', 'eventTime'],
  ...['receivedAt', 'sequence', 'source'],
];

function toTick(row) {
  const tick = {};
  for (let at = 0; at < NAMES.length; at += 1) tick[NAMES[at]] = row[at];
  return tick;
}
