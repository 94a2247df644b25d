import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RiskCheckRequest } from '@tickbridge/contracts';

/** A risk-manager that says what the test wants, over HTTP. Its rules are tested where they live. */
export class RiskStub {
  readonly questions: RiskCheckRequest[] = [];
  /** Answer to the next questions; `silent` closes the connection without one. */
  answer: 'approve' | 'deny' | 'silent' = 'approve';
  private server: Server | undefined;

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (request.method === 'GET') {
          const dependencies = { postgresql: { status: 'up' } };
          return response.end(JSON.stringify({ status: 'up', service: 'risk-manager', dependencies }));
        }
        if (this.answer === 'silent') return response.destroy();
        this.questions.push(JSON.parse(body) as RiskCheckRequest);
        const approved = this.answer === 'approve';
        return response.end(
          JSON.stringify({
            approved,
            code: approved ? 'APPROVED' : 'DAILY_LOSS',
            message: 'as the test wants',
            rule: approved ? null : 'daily-loss',
            figures: {},
            decidedAt: new Date().toISOString(),
            durationMs: 0,
          }),
        );
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}
