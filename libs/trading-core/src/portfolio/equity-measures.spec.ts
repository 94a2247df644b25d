import fc from 'fast-check';
import { EquityCurve } from '../backtest/equity-curve';
import { money } from '../money/money';
import { decide } from '../risk/decide';
import { dailyLossRule } from '../risk/rules/daily-loss.rule';
import { drawdownRule } from '../risk/rules/drawdown.rule';
import { aContext } from '../testing/risk-context';
import { dayLoss, dayProfit, drawdown } from './equity-measures';
import { equityRange } from './equity-range';

/** Cents, so that the independent computation can use whole numbers. */
const cents = fc.integer({ min: 1, max: 500_000_000 });
const amount = (value: number) => money(value).div(100);

describe('the measures of equity', () => {
  it('count an account that has only lost from its capital', () => {
    expect(drawdown('90', '100').percent).toBe(10);
    expect(drawdown('110', '100')).toMatchObject({ percent: 0 });
    expect(drawdown('-5', '0').percent).toBe(0);
  });

  it.each([
    ['a day that lost what earlier days had gained', { opening: 106_000, equity: 100_000 }, 6_000],
    ['a day that gained, after days that lost', { opening: 90_000, equity: 95_000 }, -5_000],
    ['money paid out is no loss', { opening: 100_000, equity: 70_000, transfers: -30_000 }, 0],
    ['money paid in hides none', { opening: 100_000, equity: 104_000, transfers: 10_000 }, 6_000],
  ])('%s', (_title, day, loss) => {
    expect(dayLoss(day).plus(0).toNumber()).toBe(loss);
    expect(dayProfit(day).plus(dayLoss(day)).isZero()).toBe(true);
  });

  it('are the same for rule, backtest and days, and those of an independent computation', () => {
    fc.assert(
      fc.property(
        fc.array(cents, { minLength: 1, maxLength: 40 }),
        cents,
        cents,
        (path, capital, opening) => {
          let highest = capital;
          let worst = 0;
          let deepest = 0;
          for (const equity of path) {
            highest = Math.max(highest, equity);
            worst = Math.max(worst, (highest - equity) / highest);
            deepest = Math.max(deepest, highest - equity);
          }
          const last = path.at(-1) ?? capital;
          const curve = new EquityCurve(amount(capital));
          path.forEach((equity, index) => curve.add(index, amount(equity)));
          expect(curve.maxDrawdownPercent).toBeCloseTo(worst * 100, 9);
          expect(equityRange(path.map(amount), amount(capital))?.maxDrawdown.toNumber()).toBe(deepest / 100);

          const context = aContext({
            account: { ...requiredAccount(), cash: amount(last) },
            equityPeak: amount(highest),
            openingEquity: amount(opening),
            limits: { maxDrawdownPercent: 1e-9, maxDailyLoss: 1e-9 },
          });
          const fall = decide(context, [drawdownRule]);
          expect(fall.approved).toBe(highest === last);
          if (!fall.approved)
            expect(fall.figures['drawdownPercent']).toBeCloseTo(((highest - last) / highest) * 100, 9);
          const lost = decide(context, [dailyLossRule]);
          expect(lost.approved).toBe(last >= opening);
          if (!lost.approved) expect(lost.figures['dayLoss']).toBe((opening - last) / 100);
        },
      ),
    );
  });
});

function requiredAccount() {
  const { account } = aContext();
  if (!account) throw new Error('the sample context has an account');
  return account;
}
