import { exitSettingsSchema } from '@tickbridge/contracts';
import { exitsOf, textOf } from './exits-text';
import { labelOf } from '../format/label';

describe('the exits form', () => {
  it.each([
    {},
    {
      stopLoss: { kind: 'percent', percent: 1.5 },
      target: { kind: 'none' },
      trailingStop: { kind: 'atr', multiple: 3 },
      squareOffAt: '15:10',
      cooldownMinutes: 10,
      maxReentriesPerDay: 0,
    },
  ])('gives back what it was filled with: %j', (values) => {
    const exits = exitSettingsSchema.parse(values);
    expect(exitSettingsSchema.parse(exitsOf(textOf(exits)))).toEqual(exits);
  });

  it('leaves nonsense to be refused', () => {
    const text = { ...textOf(exitSettingsSchema.parse({})), cooldownMinutes: 'soon', squareOffAt: '9 pm' };
    const answer = exitSettingsSchema.safeParse(exitsOf(text));
    expect(answer.error?.issues.map(({ path }) => path[0])).toEqual(['squareOffAt', 'cooldownMinutes']);
  });

  it('calls parameters by their words', () => {
    expect(labelOf('bufferBps')).toBe('Buffer bps');
  });
});
