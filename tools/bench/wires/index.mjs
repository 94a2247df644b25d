// A wire carries ticks from one process to another: { name, setUp, open(redis), listen(redis, onTick) }.
//
//   open     resolves to { send(tick), close() }; `send` resolves, or returns nothing, when the next may follow
//   listen   calls back with each tick that arrives; of several for one symbol it may leave out all but the newest
//
// Every wire but publish-json, streams and nest-emit also keeps the newest tick per symbol in a hash any client can read.
import { byHand } from './by-hand.mjs';
import { nestEmit } from './nest-emit.mjs';
import { original } from './original.mjs';
import { publishJson } from './publish-json.mjs';
import { streams } from './streams.mjs';
import { tickbridgeWire } from './tickbridge.mjs';

export const WIRES = [tickbridgeWire, byHand, publishJson, streams, nestEmit, original];

export function wire(name) {
  const found = WIRES.find((one) => one.name === name);
  if (!found) throw new Error(`no wire named ${name}`);
  return found;
}
