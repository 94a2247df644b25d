import './theme.css';
import './sign-in.css';
import type { EndpointName, Login, Problem } from '@tickbridge/contracts';

const [method, path] = ('POST /api/v1/auth/login' satisfies EndpointName).split(' ') as [string, string];

const form = element('sign-in', HTMLFormElement);
const problem = element('problem', HTMLParagraphElement);
const secondFactor = element('second-factor', HTMLDivElement);
const code = element('code', HTMLInputElement);
const submit = element('submit', HTMLButtonElement);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn();
});
submit.disabled = false;

async function signIn(): Promise<void> {
  const fields = new FormData(form);
  const login: Login = {
    username: String(fields.get('username')).trim(),
    password: String(fields.get('password')),
    ...(code.value.trim() !== '' && { code: code.value.trim() }),
  };
  if (login.username === '' || login.password === '') {
    tell('Enter your user name and password.');
    return;
  }
  problem.hidden = true;
  submit.disabled = true;
  try {
    const response = await fetch(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(login),
    });
    if (response.ok) {
      location.assign('/');
      return;
    }
    refuse((await response.json()) as Problem);
  } catch {
    // Neither the dashboard nor a proxy before it answered.
    tell('The dashboard cannot be reached. Is it running?');
  }
  submit.disabled = false;
}

function refuse({ code: reason, detail }: Problem): void {
  // Not wrong so far: the field for the code appears.
  if (reason === 'CODE_REQUIRED' && secondFactor.hidden) submit.disabled = false;
  else tell(detail);
  if (reason !== 'CODE_REQUIRED' && reason !== 'WRONG_CODE') return;
  secondFactor.hidden = false;
  code.value = '';
  code.focus();
}

function tell(text: string): void {
  problem.textContent = text;
  problem.hidden = false;
  submit.disabled = false;
}

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is missing in the page`);
  return found;
}
