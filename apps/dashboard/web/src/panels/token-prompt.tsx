import type { Account, TokenStatus } from '@tickbridge/contracts';
import { useServerTime } from '../live/use-live';
import { Lamp } from '../parts/badge';
import { inNeed } from './token-state';
import { useBrokerLogin } from './use-broker-login';

interface TokenPromptProps {
  accounts: readonly Account[];
  tokens: readonly TokenStatus[];
}

/** Asks for the login an account cannot trade without; takes no room while none is needed. */
export function TokenPrompt({ accounts, tokens }: TokenPromptProps) {
  const needs = inNeed(accounts, tokens, useServerTime());
  return (
    <div className="outages" role="status" aria-label="Broker logins needed">
      {needs.map((need) => (
        <Prompt key={need.id} {...need} />
      ))}
    </div>
  );
}

function Prompt({ id, why }: { id: string; why: string }) {
  const { begin, busy, problem } = useBrokerLogin(id);
  return (
    <p className="outage outage--act">
      <Lamp tone="warn" />
      <span>
        <strong>Log {id} in:</strong> {problem ?? `${why}.`}
      </span>
      <button type="button" className="button button--primary" disabled={busy} onClick={begin}>
        Log in
      </button>
    </p>
  );
}
