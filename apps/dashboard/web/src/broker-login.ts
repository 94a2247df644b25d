import './theme.css';
import './sign-in.css';
import type { EndpointName, LoginReturn, Problem, TokenStatus } from '@tickbridge/contracts';

const [method, path] = ('POST /api/v1/accounts/login' satisfies EndpointName).split(' ') as [string, string];

/**
 * Where the broker's login page sends the browser back to. The token goes to the server in a request of our own page and
 * out of the address bar, so that neither the history nor a bookmark keeps it.
 */
const query = new URLSearchParams(location.search);
history.replaceState(null, '', location.pathname);

void complete({
  state: query.get('state') ?? '',
  // A plus sign in an address reads as a space.
  requestToken: (query.get('request_token') ?? '').replaceAll(' ', '+'),
});

async function complete(login: LoginReturn): Promise<void> {
  if (login.state === '' || login.requestToken === '') {
    fail('This address is only of use on the way back from the broker’s login page.');
    return;
  }
  try {
    const response = await fetch(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(login),
    });
    if (response.status === 401) {
      fail('You are signed out. Sign in, then begin the broker login again.');
      element('back', HTMLAnchorElement).href = '/sign-in';
      element('back', HTMLAnchorElement).textContent = 'Sign in';
      return;
    }
    if (!response.ok) {
      fail(((await response.json()) as Problem).detail);
      return;
    }
    const { accountId } = (await response.json()) as TokenStatus;
    tell(`${accountId} is logged in.`);
    location.replace('/');
  } catch {
    // Neither the dashboard nor a proxy before it answered; the login can be begun again.
    fail('The dashboard cannot be reached. Begin the broker login again when it is back.');
  }
}

function tell(text: string): void {
  element('told', HTMLParagraphElement).textContent = text;
}

function fail(text: string): void {
  tell('The account is not logged in.');
  const problem = element('problem', HTMLParagraphElement);
  problem.textContent = text;
  problem.hidden = false;
}

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is missing in the page`);
  return found;
}
