import { formatDateTime } from '../format/time';
import { send } from '../live/api';
import { signOut } from '../live/sign-out';
import { usePolled } from '../live/use-polled';
import { useSubmit } from '../live/use-submit';
import { PasswordForm } from '../panels/password-form';
import { SecondFactorPanel } from '../panels/second-factor-panel';
import { Badge } from '../parts/badge';
import { Note } from '../parts/note';
import { Panel } from '../parts/panel';
import { Refusal } from '../parts/refusal';

/** The own way in: password, second factor, and where one is signed in. */
export function AccountPage() {
  const user = usePolled('GET /api/v1/auth/me', {}, 30_000);
  if (user.data === null) {
    return <Note kind={user.loading ? 'loading' : 'error'}>{user.error ?? 'Loading your account.'}</Note>;
  }
  return (
    <div className="account-page">
      {user.data.secondFactor === 'required' && (
        <Note kind="error">A second factor is required here. Set it up to go on.</Note>
      )}
      <div className="account-page__forms">
        <SecondFactorPanel user={user.data} onChanged={user.reload} />
        <PasswordForm />
      </div>
      <Sessions />
    </div>
  );
}

function Sessions() {
  const { data, error, loading, reload } = usePolled('GET /api/v1/auth/sessions', {}, 15_000);
  const { busy, problem, submit } = useSubmit();
  const end = (id: string) =>
    void submit(() => send('DELETE /api/v1/auth/sessions/:id', { params: { id } })).then(
      (done) => done && reload(),
    );
  return (
    <Panel
      title="Sessions"
      area="wide"
      aside={
        <button type="button" className="button button--small" onClick={() => void signOut()}>
          Sign out
        </button>
      }
    >
      {data === null ? (
        <Note kind={loading ? 'loading' : 'error'}>{error ?? 'Loading your sessions.'}</Note>
      ) : (
        <table className="table table--plain">
          <thead>
            <tr>
              <th className="cell--text">Signed in</th>
              <th className="cell--text">Last seen</th>
              <th className="cell--text cell--wide">Browser</th>
              <th aria-label="Acts" />
            </tr>
          </thead>
          <tbody>
            {data.map((session) => (
              <tr key={session.id}>
                <td className="cell--text">{formatDateTime(session.createdAt)}</td>
                <td className="cell--text">{formatDateTime(session.lastSeenAt)}</td>
                <td className="cell--text cell--wide cell--reason" title={session.userAgent ?? ''}>
                  {session.userAgent ?? 'unknown'}
                </td>
                <td>
                  {session.current ? (
                    <Badge tone="info">this one</Badge>
                  ) : (
                    <button
                      type="button"
                      className="button button--small"
                      disabled={busy}
                      onClick={() => end(session.id)}
                    >
                      End
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Refusal problem={problem} />
    </Panel>
  );
}
