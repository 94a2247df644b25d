import { priceInput } from './price-input';

it.each([
  ['', null],
  ['  ', null],
  ['95', 95],
  [' 95.05 ', 95.05],
  ['1,250.5', 1250.5],
  ['1,00,000', 100_000],
  ['0', undefined],
  ['-5', undefined],
  ['95x', undefined],
  ['95,5', undefined],
  ['1e3', undefined],
])('reads %j as %p: what is no price is never taken for none', (text, price) => {
  expect(priceInput(text)).toBe(price);
});
