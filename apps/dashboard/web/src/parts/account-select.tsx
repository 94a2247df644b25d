import type { Account } from '@tickbridge/contracts';

interface AccountSelectProps {
  accounts: readonly Account[];
  value: string | null;
  onChange: (id: string) => void;
}

/** Which account is meant. */
export function AccountSelect({ accounts, value, onChange }: AccountSelectProps) {
  return (
    <select aria-label="Account" value={value ?? ''} onChange={(event) => onChange(event.target.value)}>
      {accounts.map(({ id }) => (
        <option key={id}>{id}</option>
      ))}
    </select>
  );
}
