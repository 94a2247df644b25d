import { effectOf, type TradeEffect } from './alpaca.conditions';

describe('sale conditions of US trades', () => {
  it.each<[string, unknown, string, TradeEffect]>([
    ['a regular sale', ['@'], 'C', 'price-and-volume'],
    ['a regular sale as NYSE writes it', [' '], 'A', 'price-and-volume'],
    ['no list at all', undefined, 'C', 'price-and-volume'],
    ['an intermarket sweep', ['@', 'F'], 'C', 'price-and-volume'],
    ['the opening print', ['@', 'O', 'X'], 'C', 'price-and-volume'],
    ['an odd lot', ['@', 'I'], 'C', 'volume'],
    ['a swept odd lot', ['@', 'F', 'I'], 'C', 'volume'],
    ['extended hours', ['@', 'T'], 'C', 'volume'],
    ['a late report', ['@', 'Z'], 'B', 'volume'],
    ['an average price on NYSE', [' ', 'B'], 'A', 'volume'],
    ['bunched trades on Nasdaq', ['@', 'B'], 'C', 'price-and-volume'],
    ['an average price on Nasdaq', ['@', 'W'], 'C', 'volume'],
    ['the official close', ['@', 'M'], 'C', 'nothing'],
    ['a condition nobody knows', ['@', 'j'], 'C', 'volume'],
    ['a name of the language itself', ['constructor'], 'C', 'volume'],
    ['what is no text', [7], 'C', 'volume'],
  ])('%s', (_, conditions, tape, effect) => {
    expect(effectOf(conditions, tape)).toBe(effect);
  });
});
