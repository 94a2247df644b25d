import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { BusEnvelope } from './bus-envelope';

const ours = { id: 'ours', busKey: randomBytes(32) };
const envelope = new BusEnvelope(ours);
const sealed = envelope.seal('risk.check', '{"id":"1"}');
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100_000);

describe('messages between the services', () => {
  it('come back as they were sent', () => {
    expect(envelope.open('risk.check', sealed)).toEqual({ message: '{"id":"1"}' });
  });

  it.each([
    ['of another installation', new BusEnvelope({ ...ours, id: 'theirs' }).seal('a', '{}'), 'foreign'],
    [
      'signed with another key',
      new BusEnvelope({ ...ours, busKey: randomBytes(32) }).seal('a', '{}'),
      'forged',
    ],
    ['of another channel', envelope.seal('b', '{}'), 'forged'],
    ['that is no JSON within', envelope.seal('a', '{'), 'unreadable'],
    ['without an envelope', '{"pattern":"risk.check","data":{},"id":"1"}', 'unreadable'],
    ['that is nothing', '', 'unreadable'],
    ['null', 'null', 'unreadable'],
    ['nested without end', '['.repeat(1_000_000), 'unreadable'],
  ])('are refused when they are %s', (_what, text, refusal) => {
    expect(envelope.open('a', text)).toEqual({ refusal });
  });

  it('are refused whatever byte of them is changed', () => {
    const change = fc.tuple(fc.nat(sealed.length - 1), fc.string({ unit: 'binary', maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = sealed;
        for (const [at, by] of changes) text = text.slice(0, at) + by + text.slice(at + 1);
        const opened = envelope.open('risk.check', text);
        if ('message' in opened) expect(opened.message).toBe('{"id":"1"}');
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
