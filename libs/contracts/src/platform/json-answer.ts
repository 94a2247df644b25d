import { parseJson } from './decode';

/** No answer that the platform asks for is longer (bytes). */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * JSON value of an HTTP answer, read up to a bound.
 *
 * @param maxBytes a longer body is given up
 * @returns `undefined` for anything that cannot be read as JSON; the schema of the answer refuses it by name
 * @throws what the connection fails with while the body arrives
 */
export async function jsonAnswer(response: Response, maxBytes = MAX_ANSWER_BYTES): Promise<unknown> {
  if (response.body === null) return undefined;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parseJson(text + decoder.decode());
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
