import { jsonAnswer } from '@tickbridge/contracts';

const TIMEOUT_MS = 15_000;
/** The list of all US shares is about 6 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface AlpacaLogin {
  readonly key: string;
  readonly secret: string;
}

/**
 * Asks one of Alpaca's hosts.
 *
 * @param url without its query: that is the part an error may show
 * @throws Error when the vendor does not answer, or refuses; it never carries the key
 */
export async function askAlpaca(
  url: string,
  query: Readonly<Record<string, string>>,
  { key, secret }: AlpacaLogin,
): Promise<unknown> {
  const { host, pathname } = new URL(url);
  const response = await fetch(`${url}?${new URLSearchParams(query).toString()}`, {
    headers: { 'apca-api-key-id': key, 'apca-api-secret-key': secret },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const { cause } = error as { cause?: { code?: string } };
    throw new Error(`${host} cannot be reached${cause?.code === undefined ? '' : ` (${cause.code})`}`);
  });
  if (!response.ok) throw new Error(`${host}${pathname} answered with status ${response.status}`);
  return jsonAnswer(response, MAX_BYTES);
}
