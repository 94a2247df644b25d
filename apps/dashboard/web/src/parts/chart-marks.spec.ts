import type { Candle, Fill, Order, Signal } from '@tickbridge/contracts';
import { atCandles, marksOf } from './chart-marks';

const RECORDED = '2024-03-01T04:31:00.000Z';
const NOW = '2026-01-05T04:30:00.000Z';

const signal = { id: 's1', symbol: 'ITC', action: 'BUY', barTime: RECORDED, createdAt: NOW } as Signal;
const order = {
  id: 'o1',
  signalId: 's1',
  symbol: 'ITC',
  side: 'BUY',
  filledQuantity: 10,
  createdAt: NOW,
  updatedAt: NOW,
} as Order;

describe('marks on the chart', () => {
  it('of signals stand within the bar that caused them, whenever they were made', () => {
    const marks = marksOf('ITC', { signals: [signal], orders: [], fills: [] });
    expect(marks.map(({ kind, time }) => [kind, new Date(time).toISOString()])).toEqual([
      ['signal', '2024-03-01T04:30:59.999Z'],
    ]);
  });

  it('of fills stand at the time of the fill, else of the order’s last change', () => {
    const fill = { orderId: 'o1', filledAt: '2026-01-05T04:29:58.000Z' } as Fill;
    const marks = marksOf('ITC', { signals: [], orders: [order], fills: [fill] });
    expect(marks).toEqual([{ time: Date.parse(fill.filledAt), kind: 'fill', side: 'BUY' }]);
    const unknown = marksOf('ITC', { signals: [], orders: [order], fills: [] });
    expect(unknown).toEqual([{ time: Date.parse(order.updatedAt), kind: 'fill', side: 'BUY' }]);
  });

  it('leave out other symbols and orders without a fill', () => {
    const unfilled = { ...order, filledQuantity: 0 };
    expect(
      marksOf('ITC', { signals: [{ ...signal, symbol: 'TCS' }], orders: [unfilled], fills: [] }),
    ).toEqual([]);
  });

  it('move to the start of their candle', () => {
    const candles = [{ time: '2024-03-01T04:30:00.000Z' }, { time: '2024-03-01T04:31:00.000Z' }] as Candle[];
    const at = (time: string) => ({ time: Date.parse(time), kind: 'signal' as const, side: 'BUY' as const });
    const marks = [
      at('2024-03-01T04:29:00.000Z'),
      at('2024-03-01T04:30:59.999Z'),
      at('2024-03-01T04:31:30.000Z'),
    ];
    expect(atCandles(marks, candles).map(({ time }) => new Date(time).toISOString())).toEqual([
      '2024-03-01T04:30:00.000Z',
      '2024-03-01T04:31:00.000Z',
    ]);
  });
});
