import { readContractNote } from './contract-note.csv';

describe('a contract note', () => {
  it('is read by orders, by symbols and by days', () => {
    expect(
      readContractNote('date,order_id,brokerage,exchange\n2026-11-20,77,20,1.5\n2026-11-20,78,,0.1\n'),
    ).toEqual([
      {
        line: 2,
        day: '2026-11-20',
        order: '77',
        symbol: null,
        side: null,
        stated: { brokerage: '20', exchange: '1.5' },
      },
      { line: 3, day: '2026-11-20', order: '78', symbol: null, side: null, stated: { exchange: '0.1' } },
    ]);
    const [day, share] = readContractNote(
      'date,symbol,side,stamp-duty\n2026-11-19,,,12\n2026-11-20,INFY,SELL,3\n',
    );
    expect(day).toMatchObject({
      day: '2026-11-19',
      symbol: null,
      side: null,
      stated: { 'stamp-duty': '12' },
    });
    expect(share).toMatchObject({ symbol: 'INFY', side: 'SELL' });
  });

  it.each([
    ['no row', 'date,brokerage\n', /line 2, date/],
    ['a date that is none', 'date,brokerage\n20/11/2026,1', /line 2, date/],
    ['a number that is none', 'date,brokerage\n2026-11-20,"1,000"', /line 2, brokerage/],
    ['a column that names no charge', 'date,STT (Rs)\n2026-11-20,1', /no name of a charge/],
    ['a side without a symbol', 'date,side,brokerage\n2026-11-20,BUY,1', /line 2, symbol/],
    ['a side that is none', 'date,symbol,side,brokerage\n2026-11-20,INFY,B,1', /line 2, side/],
    ['the same twice', 'date,brokerage\n2026-11-20,1\n2026-11-20,2', /line 3, date: an earlier row/],
    [
      'rows that count a fill twice',
      'date,symbol,brokerage\n2026-11-20,,1\n2026-11-20,INFY,2',
      /not about several/,
    ],
    ['quotes that do not close', 'date,brokerage\n"2026-11-20,1', /line 1, csv/],
  ])('with %s is refused by line and column', (_title, csv, message) => {
    expect(() => readContractNote(csv)).toThrow(message);
  });
});
