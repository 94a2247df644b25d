// Every story by its id, in the order of the table. A story: { id, title, run(context) } resolving to rows.
//
//   context.redis      address of the private Redis, empty when the story begins
//   context.program    path of the server program, for stories that need a Redis of their own
//   context.turns      { rounds, sliceMs, onRound } for takeTurns
//   context.times(n)   n, or less in a short run
//   context.progress   shows what is being done
import { coldKeyManyProcesses } from './cold-key-many-processes.mjs';
import { coldKeyOneProcess } from './cold-key-one-process.mjs';
import { getMany } from './get-many.mjs';
import { l1Hit } from './l1-hit.mjs';
import { l1Peek } from './l1-peek.mjs';
import { marketDataRequests } from './market-data-requests.mjs';
import { otherProcess } from './other-process.mjs';
import { redisHit, redisHitBig } from './redis-hit.mjs';
import { redisHitManyCallers } from './redis-hit-many-callers.mjs';
import { redisKilled } from './redis-killed.mjs';
import { signalToOrder } from './signal-to-order.mjs';
import { signals } from './signals.mjs';
import { tickLatency } from './tick-latency.mjs';
import { tickRate } from './tick-rate.mjs';
import { wholePlatform } from './whole-platform.mjs';
import { write } from './write.mjs';

export const STORIES = [
  l1Hit,
  l1Peek,
  redisHit,
  redisHitManyCallers,
  redisHitBig,
  getMany,
  write,
  coldKeyOneProcess,
  coldKeyManyProcesses,
  redisKilled,
  otherProcess,
  signals,
  tickRate,
  tickLatency,
  marketDataRequests,
  signalToOrder,
  wholePlatform,
];
