import { readMaster } from './sharekhan.instruments';

const row = {
  scripCode: 1_594,
  tradingSymbol: 'INFY',
  exchange: 'NC',
  instType: 'EQ',
  lotSize: 1,
  tickSize: 0.05,
};

describe("ShareKhan's instrument list", () => {
  it.each([
    ['numbers', {}, { scripCode: 1_594, lotSize: 1, tickSize: 0.05 }],
    [
      'texts and blanks',
      { scripCode: '1594', tradingSymbol: ' infy ', lotSize: '25', tickSize: '0.10' },
      { scripCode: 1_594, lotSize: 25, tickSize: 0.1 },
    ],
    ['no steps', { lotSize: undefined, tickSize: null }, { scripCode: 1_594, lotSize: null, tickSize: null }],
    [
      'steps that are none',
      { lotSize: 0, tickSize: 'NA' },
      { scripCode: 1_594, lotSize: null, tickSize: null },
    ],
    ['a hexadecimal number', { lotSize: '0x10' }, { scripCode: 1_594, lotSize: null, tickSize: 0.05 }],
  ])('is read with %s', (_, over, listing) => {
    expect(readMaster([{ ...row, ...over }])).toEqual({ INFY: listing });
  });

  it('takes the series that trades normally, wherever it stands', () => {
    const others = [
      { ...row, scripCode: 7, instType: 'BE' },
      { ...row, scripCode: 8, instType: 'BL' },
    ];
    for (const list of [
      [row, ...others],
      [...others, row],
    ]) {
      expect(readMaster(list)['INFY']?.scripCode).toBe(1_594);
    }
    expect(readMaster(others)['INFY']?.scripCode).toBe(7);
  });

  it('loses a row that says nothing, and no other', () => {
    const list = [
      null,
      7,
      {},
      { ...row, scripCode: 'NA' },
      { ...row, tradingSymbol: ' ' },
      row,
      { ...row, tradingSymbol: '__proto__' },
    ];
    expect(Object.keys(readMaster(list))).toEqual(['INFY', '__PROTO__']);
    expect(() => readMaster([{}])).toThrow('readable row');
    expect(() => readMaster({ message: 'scrip_master' })).toThrow();
  });
});
