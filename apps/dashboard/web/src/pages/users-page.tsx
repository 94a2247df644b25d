import { KeysPanel } from '../panels/keys-panel';
import { UsersPanel } from '../panels/users-panel';

/** Who may get in: people and scripts. */
export function UsersPage() {
  return (
    <div className="sheet__stack">
      <UsersPanel />
      <KeysPanel />
    </div>
  );
}
