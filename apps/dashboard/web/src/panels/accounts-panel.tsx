import type { Account, TokenStatus } from '@tickbridge/contracts';
import { useState } from 'react';
import { formatTime } from '../format/time';
import { useServerTime } from '../live/use-live';
import type { Polled } from '../live/use-polled';
import { Badge, Lamp, type Tone } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { ArmDialog } from './arm-dialog';
import { BrokerStatementDialog } from './broker-statement-dialog';
import { PasteToken } from './paste-token';
import { lookOf, stateNow, timeLeft } from './token-state';
import { useBrokerLogin } from './use-broker-login';

const TRADING_TONES: Record<Account['trading']['state'], Tone> = {
  trading: 'good',
  elsewhere: 'info',
  blocked: 'warn',
  idle: 'plain',
};

interface AccountsPanelProps {
  accounts: Polled<Account[]>;
  tokens: Polled<TokenStatus[]>;
  /** Whether the person may arm accounts. */
  mayArm: boolean;
}

/** Every account: who trades it, what stands in the way, and the daily token of those at a broker. */
export function AccountsPanel({ accounts, tokens, mayArm }: AccountsPanelProps) {
  const pastSince = accounts.data !== null && !accounts.current ? accounts.answeredAt : null;
  return (
    <Panel title="Accounts" area="accounts" pastSince={pastSince}>
      {accounts.data === null ? (
        <Note kind={accounts.error === null ? 'loading' : 'error'}>
          {accounts.error ?? 'Asking for the accounts.'}
        </Note>
      ) : accounts.data.length === 0 ? (
        <Note kind="empty">There is no account yet.</Note>
      ) : (
        <ul className="accounts">
          {accounts.data.map((account) => (
            <AccountLine
              key={account.id}
              account={account}
              token={tokens.data?.find(({ accountId }) => accountId === account.id)}
              onArmed={mayArm ? accounts.reload : undefined}
              onToken={() => {
                tokens.reload();
                accounts.reload();
              }}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface AccountLineProps {
  account: Account;
  /** `undefined` for a paper account, and while it is not known. */
  token: TokenStatus | undefined;
  onToken: () => void;
  /** Absent for people who may not arm it. */
  onArmed: (() => void) | undefined;
}

function AccountLine({ account, token, onToken, onArmed }: AccountLineProps) {
  const { id, broker, armed, enabled, trading } = account;
  const [arming, setArming] = useState(false);
  return (
    <li>
      <Lamp tone={TRADING_TONES[trading.state]} />
      <span className="accounts__head">
        <span className="accounts__id">{id}</span>
        <span className="accounts__tags">
          <Badge>{broker}</Badge>
          {broker !== 'paper' && (
            <Badge tone={armed ? 'warn' : 'plain'}>{armed ? 'armed' : 'not armed'}</Badge>
          )}
          {broker !== 'paper' && onArmed !== undefined && (
            <button type="button" className="button button--small" onClick={() => setArming(true)}>
              {armed ? 'Disarm' : 'Arm'}
            </button>
          )}
          {!enabled && <Badge tone="warn">disabled</Badge>}
        </span>
      </span>
      <span className="accounts__state">
        {trading.state}
        {trading.reason !== null && `: ${trading.reason}`}
      </span>
      {trading.alarms.map((alarm) => (
        <span key={alarm} className="accounts__alarm" role="alert">
          {alarm}
        </span>
      ))}
      {arming && onArmed !== undefined && (
        <ArmDialog account={account} onDone={onArmed} onClose={() => setArming(false)} />
      )}
      {broker !== 'paper' && token !== undefined && (
        <TokenLine accountId={id} token={token} onToken={onToken} />
      )}
    </li>
  );
}

interface TokenLineProps {
  accountId: string;
  token: TokenStatus;
  onToken: () => void;
}

function TokenLine({ accountId, token, onToken }: TokenLineProps) {
  const now = useServerTime();
  const { begin, busy, problem } = useBrokerLogin(accountId);
  const [pasting, setPasting] = useState(false);
  const [reading, setReading] = useState(false);
  const state = stateNow(token, now);
  const look = lookOf(state);
  const left = timeLeft(token, now);
  return (
    <div className="accounts__token">
      <span className="accounts__validity">
        <Badge tone={look.tone}>{look.label}</Badge>
        {left !== null && (
          <span className="cell--soft">
            {left} left, until {formatTime(token.expiresAt)} IST
          </span>
        )}
      </span>
      <span className="accounts__acts">
        <button
          type="button"
          className={`button ${state === 'valid' ? '' : 'button--primary'}`}
          disabled={busy}
          onClick={begin}
        >
          Log in
        </button>
        <button type="button" className="button" onClick={() => setPasting(true)}>
          Paste
        </button>
        <button type="button" className="button" onClick={() => setReading(true)}>
          At the broker
        </button>
      </span>
      {problem !== null && (
        <span className="accounts__alarm" role="alert">
          {problem}
        </span>
      )}
      {pasting && <PasteToken accountId={accountId} onDone={onToken} onClose={() => setPasting(false)} />}
      {reading && <BrokerStatementDialog accountId={accountId} onClose={() => setReading(false)} />}
    </div>
  );
}
