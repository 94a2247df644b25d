import type { Fault } from './faults';
import { istTime } from '../market/ist-time';

type BadTick = Extract<Fault, { kind: 'bad-ticks' }>['tick'];

const MALFORMED = ['{"trade":["100000001","2026-0', 'not a frame', '{"trade":["1"]}', '[]', '{"bidask":"x"}'];

/** Something that looks like a frame and is none; different ones in turn. */
export function malformedFrame(index: number): string {
  return MALFORMED[index % MALFORMED.length] as string;
}

/** Positions in a trade frame. */
const ID = 0;
const TIME = 1;
const PRICE = 2;
const SEQUENCE = 14;

/**
 * A trade with one wrong value.
 *
 * @param goodFrame the newest trade of a symbol as it would go out now
 */
export function badTick(kind: BadTick, goodFrame: string, now: number): string {
  const { trade } = JSON.parse(goodFrame) as { trade: string[] };
  const next = String(Number(trade[SEQUENCE]) + 1);
  switch (kind) {
    case 'duplicate':
      break;
    case 'out-of-order':
      trade[SEQUENCE] = String(Math.max(1, Number(trade[SEQUENCE]) - 1));
      break;
    case 'unknown-id':
      trade[ID] = '999999999';
      break;
    case 'future':
      trade[TIME] = istTime(now + 3_600_000);
      trade[SEQUENCE] = next;
      break;
    case 'nan':
      trade[PRICE] = 'NaN';
      break;
    case 'zero':
      trade[PRICE] = '0';
      break;
    case 'negative':
      trade[PRICE] = `-${trade[PRICE]}`;
      break;
  }
  return JSON.stringify({ trade });
}
