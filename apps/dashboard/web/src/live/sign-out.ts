import { send } from './api';

/** Ends this session and leads to the sign-in page. */
export async function signOut(): Promise<void> {
  await send('POST /api/v1/auth/logout', {});
  location.assign('/sign-in');
}
