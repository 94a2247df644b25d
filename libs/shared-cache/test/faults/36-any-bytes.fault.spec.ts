import { tickToJson, toIso } from '@tickbridge/contracts';
import fc from 'fast-check';
import { pack } from 'msgpackr';
import { z } from 'zod';
import { ValueCodec } from '../../src/cache/value.codec';
import { readRecord } from '../../src/cache/record';
import { decodeFrame, encodeFrame } from '../../src/live-market-data/frame';
import { frameFromText, frameToText, snapshotFromText } from '../../src/live-market-data/frame-text';
import { Replica } from '../../src/live-market-data/replica';
import { FUZZ_RUNS, hostileBytes, hostileTexts, hostileValues } from '../../src/testing';
import { aBar } from '../feed-process';
import { aTick } from '../harness';

const frame = {
  epoch: 'e',
  sequence: 2,
  flushedAt: 1_700_000_000_000,
  clockOffsetMs: null,
  ticks: [aTick({ sequence: 1 }), aTick({ symbol: 'TCS', sequence: 2, bid: null })],
  bars: [{ ...aBar('A', 0), sequence: 1 }],
};
const row = (value: object) => Object.values(value);
/** A frame as it is packed, for changes of its parts. */
const packed = [2, 'one', 'e', 2, 1_700_000_000_000, frame.ticks.map(row), frame.bars.map(row)];
const snapshot = { ...frame, barSequence: 1, ticks: frame.ticks.map(tickToJson) };

/** What every reader of live data does with a frame. */
function use(read: ReturnType<typeof decodeFrame>): void {
  if (!read) return;
  const replica = new Replica();
  replica.reset(
    { epoch: read.epoch, sequence: 0, flushedAt: 0, clockOffsetMs: null, barSequence: 0, ticks: [] },
    'redis',
  );
  replica.apply(read, 'redis');
  replica.takeBars(read.bars);
  for (const tick of replica.ticks.values()) JSON.stringify(tickToJson(tick));
  for (const bar of read.bars) toIso(bar.openTime);
}

describe('promise 36: any bytes in shared memory', () => {
  it('on the ticks channel are a frame or nothing, and a frame can be used', () => {
    const bytes = fc.oneof(
      hostileBytes([encodeFrame(frame, 'one')]),
      hostileValues([packed]).map((value) => pack(value)),
    );
    fc.assert(
      fc.property(bytes, (data) => use(decodeFrame(data))),
      { numRuns: FUZZ_RUNS },
    );
    expect(decodeFrame(encodeFrame(frame, 'one'))).toEqual({ ...frame, installation: 'one' });
  }, 180_000);

  it.each([
    ['five bytes', Buffer.from([0x95, 0x02, 0xc0, 0xc0, 0xc0])],
    [
      'arrays without end',
      Buffer.concat(Array.from({ length: 2_000 }, () => Buffer.from([0xdd, 0x01, 0, 0, 0]))),
    ],
    ['nested without end', Buffer.alloc(500_000, 0x91)],
    ['nothing', Buffer.alloc(0)],
  ])('%s are no frame', (_what, data) => {
    expect(decodeFrame(data)).toBeUndefined();
  });

  it('over the HTTP bridge and in the snapshot file are a frame, a snapshot or nothing', () => {
    const samples = [JSON.parse(frameToText(frame)) as unknown, snapshot];
    fc.assert(
      fc.property(hostileTexts(samples), (text) => {
        const read = frameFromText(text);
        use(read && { ...read, installation: '' });
        const whole = snapshotFromText(text);
        for (const tick of whole?.ticks ?? []) JSON.stringify(tickToJson(tick));
      }),
      { numRuns: FUZZ_RUNS },
    );
  }, 240_000);

  it('under a key of the cache are a value of its schema or nothing', () => {
    const schema = z.object({ key: z.string(), n: z.number(), list: z.array(z.string()).optional() });
    const codec = new ValueCodec(schema, 1);
    const value = codec.encode({ key: 'A', n: 1, list: ['x'.repeat(50)] }, ['tag']);
    const long = codec.encode({ key: 'B'.repeat(9_000), n: 2 }, []);
    fc.assert(
      fc.property(hostileBytes([value, long]), (bytes) => {
        const read = codec.decode(bytes);
        if (read && !read.negative) schema.parse(read.value);
        readRecord(bytes);
      }),
      { numRuns: FUZZ_RUNS },
    );
  }, 180_000);
});
