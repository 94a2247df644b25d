import { createCipheriv } from 'node:crypto';
import { RequestTokenError, swapRequestToken } from './sharekhan.cipher';

const KEY = '0123456789abcdef0123456789abcdef';

function encrypted(text: string, key = KEY): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.alloc(16));
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

describe('a request token', () => {
  it("is swapped as the vendor's vector says", () => {
    expect(swapRequestToken('kehN18adRKirqgcBcFJSZkSy-suLWlEUEvkrkoY', KEY)).toEqual({
      requestToken: '-pUr0MGaRMPWzAAGd75TFILwet4bKJHwlPtV17s',
      customerId: '987654',
    });
  });

  it('is written as plain base64 without a version', () => {
    const swapped = swapRequestToken(encrypted('REQ123|987654'), KEY, false);
    expect(swapped.requestToken).toBe(encrypted('987654|REQ123'));
  });

  it('may have lost its plus signs to an address bar', () => {
    // One of these has a plus sign in its plain base64.
    const withPlus = Array.from({ length: 200 }, (_, index) => encrypted(`REQ${index}|987654`)).find(
      (token) => token.includes('+'),
    );
    expect(swapRequestToken((withPlus ?? '').replaceAll('+', ' '), KEY).customerId).toBe('987654');
  });

  it.each([
    ['altered', 'lehN18adRKirqgcBcFJSZkSy-suLWlEUEvkrkoY'],
    ['of another app', encrypted('REQ123|987654', 'another-app-with-another-secret!')],
    ['without a customer', encrypted('REQ123|')],
    ['with one part too many', encrypted('REQ123|987654|1')],
    ['empty', ''],
    ['too short', 'AAAA'],
  ])('is refused when %s, and is not in the message', (_, token) => {
    expect(() => swapRequestToken(token, KEY)).toThrow(RequestTokenError);
    if (token !== '') expect(() => swapRequestToken(token, KEY)).not.toThrow(token);
  });
});
