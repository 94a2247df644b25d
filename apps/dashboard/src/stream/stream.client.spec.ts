import { tickToLiveQuote, type LiveQuote } from '@tickbridge/contracts';
import { tick } from '../testing/market';
import { formatEvent, StreamClient, type StreamOutput } from './stream.client';

/** A browser whose socket can be made slow. */
class Output implements StreamOutput {
  readonly written: string[] = [];
  writableNeedDrain = false;
  ended = false;

  write(text: string): void {
    this.written.push(text);
  }

  end(): void {
    this.ended = true;
  }
}

const quote = (symbol: string, lastPrice: number) => tickToLiveQuote(tick(symbol, { lastPrice }));
const format = (quotes: LiveQuote[]) =>
  quotes.map(({ symbol, lastPrice }) => `${symbol}=${lastPrice}`).join(' ');

describe('a browser on the live stream', () => {
  let output: Output;
  let client: StreamClient;
  const send = (...quotes: LiveQuote[]) => client.sendQuotes(quotes, format(quotes), format);

  beforeEach(() => {
    output = new Output();
    client = new StreamClient(output, null);
  });

  it('gets the text made for all while it keeps up', () => {
    send(quote('A', 1), quote('B', 2));
    send(quote('A', 3));
    expect(output.written).toEqual(['A=1 B=2', 'A=3']);
  });

  it('gets the newest price of each symbol once it can take more, not every price there was', () => {
    output.writableNeedDrain = true;
    for (let price = 1; price <= 1_000; price++) send(quote('A', price), quote('B', price * 2));
    expect(output.written).toEqual([]);
    expect(client.backlog).toBe(2);
    output.writableNeedDrain = false;
    send(quote('B', 5));
    expect(output.written).toEqual(['A=1000 B=5']);
    expect(client.backlog).toBe(0);
  });

  it('gets other events late but in order', () => {
    output.writableNeedDrain = true;
    client.sendEvent('one');
    client.sendEvent('two');
    output.writableNeedDrain = false;
    send();
    expect(output.written).toEqual(['one', 'two']);
  });

  it('is told to read the lists anew when it missed too much, and never holds more than the limit', () => {
    output.writableNeedDrain = true;
    for (let count = 0; count < 10_000; count++) client.sendEvent(`event ${count}`);
    expect(client.backlog).toBe(200);
    output.writableNeedDrain = false;
    send();
    expect(output.written).toHaveLength(1);
    expect(output.written[0]).toContain('event: resync');
    expect(client.backlog).toBe(0);
  });

  it('gets events as text a browser reads as one message', () => {
    expect(formatEvent('order', { note: 'two\nlines' })).toBe(
      'event: order\ndata: {"note":"two\\nlines"}\n\n',
    );
  });
});
