import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  method: string;
  url: string;
  authorization: string | undefined;
  body: unknown;
}

interface Scripted {
  status?: number;
  type?: string;
  body: unknown;
}

/** A service behind the dashboard, scripted by hand: `'GET /path'` to an answer; anything else is 404. */
export class ScriptedService {
  readonly received: ReceivedRequest[] = [];
  readonly answers = new Map<string, Scripted | 'hang' | 'refuse' | 'cut' | 'garbage'>();
  private readonly server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const { method = '', url = '' } = request;
      this.received.push({ method, url, authorization: request.headers.authorization, body });
      const answer = this.answers.get(`${method} ${url.split('?')[0] ?? ''}`);
      if (answer === 'hang') return;
      if (answer === 'refuse') {
        request.socket.destroy();
        return;
      }
      if (answer === 'garbage') {
        request.socket.end('220 mail.example ESMTP\r\n');
        return;
      }
      if (answer === 'cut') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
        response.write('{"half":');
        setImmediate(() => request.socket.destroy());
        return;
      }
      const {
        status = 200,
        type = 'application/json',
        body: content,
      } = answer ?? { status: 404, body: { code: 'NOT_FOUND' } };
      response.writeHead(status, { 'content-type': type });
      response.end(typeof content === 'string' ? content : JSON.stringify(content));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function read(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}
