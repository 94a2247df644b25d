import { EventLog } from './event-log';

const idOf = (text: string) => /^id: (.+)$/m.exec(text)?.[1] ?? '';

describe('what a browser missed', () => {
  it('is everything after its last event, in order', () => {
    const log = new EventLog();
    const [first, second, third] = ['a', 'b', 'c'].map((text) => log.add('order', { text }, text)) as [
      string,
      string,
      string,
    ];
    expect(log.after(idOf(first))).toEqual([second, third]);
    expect(log.after(idOf(third))).toEqual([]);
  });

  it('is not known of another process, of the future, or of too long ago', () => {
    const [log, other] = [new EventLog(), new EventLog()];
    const old = idOf(log.add('order', 0, '0'));
    for (let count = 0; count < 1_001; count += 1) log.add('order', 0, 'x');
    expect(log.after(idOf(other.add('order', 0, 'x')))).toBeUndefined();
    expect(log.after(old)).toBeUndefined();
    expect(log.after(old.replace(/-.*/, '-99999'))).toBeUndefined();
    expect(log.after('nonsense')).toBeUndefined();
  });

  it('is there as a list, for a browser that has just come', () => {
    const log = new EventLog();
    expect([log.lastId, log.newest(10)]).toEqual([null, []]);
    const ids = ['a', 'b', 'c'].map((text) => idOf(log.add('order', { text }, text)));
    expect(log.newest(2).map(({ id, data }) => [id, data])).toEqual([
      [ids[1], { text: 'b' }],
      [ids[2], { text: 'c' }],
    ]);
    expect([log.lastId, log.newest(0)]).toEqual([ids[2], []]);
  });
});
