import { EventLog } from './event-log';

const idOf = (text: string) => /^id: (.+)$/m.exec(text)?.[1] ?? '';

describe('what a browser missed', () => {
  it('is everything after its last event, in order', () => {
    const log = new EventLog();
    const [first, second, third] = ['a', 'b', 'c'].map((text) => log.add(text)) as [string, string, string];
    expect(log.after(idOf(first))).toEqual([second, third]);
    expect(log.after(idOf(third))).toEqual([]);
  });

  it('is not known of another process, of the future, or of too long ago', () => {
    const [log, other] = [new EventLog(), new EventLog()];
    const old = idOf(log.add('0'));
    for (let count = 0; count < 1_001; count += 1) log.add('x');
    expect(log.after(idOf(other.add('x')))).toBeUndefined();
    expect(log.after(old)).toBeUndefined();
    expect(log.after(old.replace(/-.*/, '-99999'))).toBeUndefined();
    expect(log.after('nonsense')).toBeUndefined();
  });
});
