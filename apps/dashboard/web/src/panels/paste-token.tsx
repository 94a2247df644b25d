import type { PastedLogin } from '@tickbridge/contracts';
import { useState, type FormEvent } from 'react';
import { send } from '../live/api';
import { Dialog } from '../parts/dialog';
import { requestTokenIn } from './token-state';

type Kind = 'request' | 'access';

interface PasteTokenProps {
  accountId: string;
  onDone: () => void;
  onClose: () => void;
}

/** Takes a token that was got elsewhere: a request token to be exchanged, or an access token with its customer. */
export function PasteToken({ accountId, onDone, onClose }: PasteTokenProps) {
  const [kind, setKind] = useState<Kind>('request');
  const [token, setToken] = useState('');
  const [customerId, setCustomerId] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const pasted: PastedLogin =
      kind === 'request'
        ? { requestToken: requestTokenIn(token) }
        : { accessToken: token.trim(), customerId: customerId.trim() };
    try {
      await send('POST /api/v1/accounts/:id/login', { params: { id: accountId }, body: pasted });
      onDone();
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  const ready = token.trim() !== '' && (kind === 'request' || customerId.trim() !== '');
  return (
    <Dialog title={`Token of ${accountId}`} onClose={onClose}>
      <form className="paste-token" onSubmit={(event) => void submit(event)}>
        <div className="segments" role="group" aria-label="Kind of token">
          <KindButton kind="request" chosen={kind} onChoose={setKind}>
            Request token
          </KindButton>
          <KindButton kind="access" chosen={kind} onChoose={setKind}>
            Access token
          </KindButton>
        </div>
        <label className="field">
          <span>
            {kind === 'request' ? 'Request token, or the whole address it came in' : 'Access token of today'}
          </span>
          <input
            value={token}
            onChange={(event) => setToken(event.target.value)}
            type="password"
            autoComplete="off"
            spellCheck={false}
            required
            autoFocus
          />
        </label>
        {kind === 'access' && (
          <label className="field">
            <span>Customer number it belongs to</span>
            <input
              value={customerId}
              onChange={(event) => setCustomerId(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              required
            />
          </label>
        )}
        <p className="dialog__effect">It is stored encrypted and ends with the Indian trading day.</p>
        {problem !== null && (
          <p className="note note--error" role="alert">
            {problem}
          </p>
        )}
        <div className="dialog__actions">
          <button type="button" className="button button--quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button--primary" disabled={busy || !ready}>
            Hand over
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface KindButtonProps {
  kind: Kind;
  chosen: Kind;
  onChoose: (kind: Kind) => void;
  children: string;
}

function KindButton({ kind, chosen, onChoose, children }: KindButtonProps) {
  return (
    <button type="button" aria-pressed={kind === chosen} onClick={() => onChoose(kind)}>
      {children}
    </button>
  );
}
