import { parseIstTime } from './ist-time';
import { parseTrueDataFrame } from './truedata.frames';
import { normaliseQuote, normaliseTouchline, normaliseTrade } from './truedata.normaliser';

const READ_AT = Date.UTC(2025, 8, 22, 3, 40, 55);

/** Frames as observed on the vendor's feed. */
const INDEX_TRADE =
  '{"trade":["200000001","2025-09-22T09:10:54","25238.1","0","0","0","25238.1","25238.1","25238.1","25327.05","0","0","0","O","1310","0","0","0","0"]}';
const BID_ASK = '{"bidask":["302418028","2025-09-22T10:46:34","247.35","300","248","675"]}';
const INDEX_ROW =
  '["NIFTY 50","200000001","2025-09-22T10:46:33","25311","0","0","0","25238.1","25331.7","25211.6","25327.05","0","0","0","0","0","0","0"]';

describe('TrueData frames', () => {
  it.each([
    ['{"success":true,"message":"HeartBeat","timestamp":"2025-09-22T09:10:54"}', { type: 'heartbeat' }],
    [
      '{"success":true,"message":"marketstatus","data":{"NSE":"OPEN"}}',
      { type: 'marketstatus', text: '{"NSE":"OPEN"}' },
    ],
    ['{"success":true,"message":"marketstatus","NSE":1}', { type: 'marketstatus', text: '{"NSE":1}' }],
    [
      '{"success":true,"message":"marketstatus","data":"NSE is closed"}',
      { type: 'marketstatus', text: 'NSE is closed' },
    ],
    ['{"marketstatus":["NSE","open"]}', { type: 'marketstatus', text: '["NSE","open"]' }],
    ['{"bar1min":["1"]}', { type: 'other', kind: 'bar1min' }],
    ['{"greeks":["1"]}', { type: 'other', kind: 'greeks' }],
    [
      '{"success":true,"message":"Welcome","maxsymbols":50}',
      { type: 'answer', success: true, message: 'Welcome', maxSymbols: 50 },
    ],
    [
      '{"success":false,"message":"User Already Connected","segments":null,"maxsymbols":0}',
      { type: 'answer', success: false, message: 'User Already Connected', maxSymbols: 0 },
    ],
    [
      '{"success":true,"message":"touchline","symbollist":[["A","1"],"B is unknown"]}',
      { type: 'symbols', rows: [['A', '1']], texts: ['B is unknown'] },
    ],
    ['{"trade":["1"', { type: 'malformed' }],
    ['[]', { type: 'malformed' }],
    ['null', { type: 'malformed' }],
    ['{"trade":"x"}', { type: 'malformed' }],
    ['{}', { type: 'malformed' }],
  ])('reads %s', (text, expected) => {
    expect(parseTrueDataFrame(text)).toEqual(expected);
  });

  it('takes an index trade apart: its zeros are neither quotes nor volume', () => {
    const frame = parseTrueDataFrame(INDEX_TRADE);
    if (frame.type !== 'trade') throw new Error('not a trade');
    expect(normaliseTrade('NIFTY 50', frame.fields, READ_AT)).toEqual({
      kind: 'trade',
      symbol: 'NIFTY 50',
      assetClass: 'index',
      price: 25_238.1,
      quantity: 0,
      tradeNumber: 1_310,
      eventTime: Date.UTC(2025, 8, 22, 3, 40, 54),
      session: {
        volume: null,
        open: 25_238.1,
        high: 25_238.1,
        low: 25_238.1,
        previousClose: 25_327.05,
        openInterest: null,
      },
      quote: { bid: null, bidQuantity: null, ask: null, askQuantity: null },
      readAt: READ_AT,
    });
  });

  it('takes a trade without quote fields: it says nothing about the quote', () => {
    const frame = parseTrueDataFrame(INDEX_TRADE);
    if (frame.type !== 'trade') throw new Error('not a trade');
    expect(normaliseTrade('NIFTY 50', frame.fields.slice(0, 15), READ_AT)).not.toHaveProperty('quote');
    expect(normaliseTrade('NIFTY 50', frame.fields.slice(0, 14), READ_AT)).toBeUndefined();
  });

  it('takes a bid and ask apart', () => {
    const frame = parseTrueDataFrame(BID_ASK);
    if (frame.type !== 'bidask') throw new Error('not a quote');
    expect(normaliseQuote('NIFTY25093025300CE', frame.fields, READ_AT)).toMatchObject({
      assetClass: 'option',
      quote: { bid: 247.35, bidQuantity: 300, ask: 248, askQuantity: 675 },
      eventTime: Date.UTC(2025, 8, 22, 5, 16, 34),
    });
  });

  it.each([18, 17])('takes a touchline of %i fields apart', (fields) => {
    const row = (JSON.parse(INDEX_ROW) as string[]).slice(0, fields);
    expect(normaliseTouchline('NIFTY 50', row, READ_AT)).toMatchObject({
      kind: 'snapshot',
      price: 25_311,
      session: { open: 25_238.1, high: 25_331.7, low: 25_211.6, previousClose: 25_327.05 },
      quote: { bid: null, ask: null },
    });
  });

  it('gives a share no open interest and a future one', () => {
    const row = (symbol: string) => [
      symbol,
      '1',
      '2025-09-22T10:46:33',
      '10',
      '1',
      '10',
      '5',
      '10',
      '10',
      '10',
      '10',
      '7',
    ];
    const full = (symbol: string) => [...row(symbol), '7', '50', '9', '1', '11', '1'];
    expect(normaliseTouchline('ITC', full('ITC'), READ_AT)?.session.openInterest).toBeNull();
    expect(normaliseTouchline('NIFTY-I', full('NIFTY-I'), READ_AT)?.session.openInterest).toBe(7);
  });

  it.each([
    ['2025-09-22T09:15:00', Date.UTC(2025, 8, 22, 3, 45)],
    ['2025-09-22T09:15:00.250', Date.UTC(2025, 8, 22, 3, 45, 0, 250)],
    ['2025-01-01T00:00:00', Date.UTC(2024, 11, 31, 18, 30)],
    ['22-09-2025 09:15', Number.NaN],
    [undefined, Number.NaN],
  ])('reads the Indian time %s', (text, expected) => {
    expect(parseIstTime(text)).toBe(expected);
  });
});
