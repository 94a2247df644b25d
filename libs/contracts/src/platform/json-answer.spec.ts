import { jsonAnswer } from './json-answer';

describe('the JSON of an answer', () => {
  it.each([
    ['{"a":"é"}', { a: 'é' }],
    ['', undefined],
    ['<html>', undefined],
    ['['.repeat(100_000), undefined],
  ])('%#', async (body, value) => {
    expect(await jsonAnswer(new Response(body))).toEqual(value);
  });

  it('is read up to a bound', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1_024;
        controller.enqueue(new Uint8Array(1_024).fill(0x20));
      },
    });
    expect(await jsonAnswer(new Response(endless), 10_000)).toBeUndefined();
    expect(sent).toBeLessThan(20_000);
  });

  it('is none without a body', async () => {
    expect(await jsonAnswer(new Response(null, { status: 204 }))).toBeUndefined();
  });
});
