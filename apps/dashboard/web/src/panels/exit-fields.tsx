import { priceInput } from '../format/price-input';
import { Field } from '../parts/field';

/** Stop and target as they are typed. */
export interface ExitText {
  stopLoss: string;
  takeProfit: string;
}

/** The exits that were typed; `undefined` while one of them is no price. */
export function exitsOf({ stopLoss, takeProfit }: ExitText) {
  const [stop, target] = [priceInput(stopLoss), priceInput(takeProfit)];
  return stop === undefined || target === undefined ? undefined : { stopLoss: stop, takeProfit: target };
}

/** Exits as they are shown for typing. */
export function exitText(exits: { stopLoss: number | null; takeProfit: number | null }): ExitText {
  return { stopLoss: String(exits.stopLoss ?? ''), takeProfit: String(exits.takeProfit ?? '') };
}

interface ExitFieldsProps {
  text: ExitText;
  messageFor: (field: string) => string | undefined;
  onChange: (change: Partial<ExitText>) => void;
}

/** Where a position is to be left; empty is nowhere. */
export function ExitFields({ text, messageFor, onChange }: ExitFieldsProps) {
  return (
    <div className="settings__pair">
      {(
        [
          ['stopLoss', 'Stop loss'],
          ['takeProfit', 'Take profit'],
        ] as const
      ).map(([name, title]) => (
        <Field
          key={name}
          label={title}
          message={priceInput(text[name]) === undefined ? 'a price, or nothing' : messageFor(name)}
        >
          <input
            inputMode="decimal"
            value={text[name]}
            onChange={(event) => onChange({ [name]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}
