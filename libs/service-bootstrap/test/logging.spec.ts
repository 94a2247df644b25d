import { Writable } from 'node:stream';
import { createLog, PinoLogger, withoutSecrets } from '../src';

describe('secrets in texts', () => {
  it.each([
    ['redis://user:hunter2@cache:6379', 'redis://user:***@cache:6379'],
    ['redis://:hunter2@cache:6379', 'redis://:***@cache:6379'],
    [
      'wss://push.truedata.in:8082?user=U&password=hunter2',
      'wss://push.truedata.in:8082?user=U&password=***',
    ],
    ['GET /stream?ACCESS_TOKEN=hunter2 failed', 'GET /stream?ACCESS_TOKEN=*** failed'],
    ['authorization: Bearer hunter2==', 'authorization: Bearer ***'],
  ])('%s is written as %s', (text, written) => {
    expect(withoutSecrets(text)).toBe(written);
  });
});

describe('structured log', () => {
  const captured = (write: (logger: PinoLogger) => void) => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    write(new PinoLogger(createLog({ service: 'test', level: 'trace', pretty: false }, sink)));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('carries service, context, level and time', () => {
    const [line] = captured((logger) => logger.warn('late', 'Feed'));
    expect(line).toMatchObject({ level: 'warn', service: 'test', context: 'Feed', msg: 'late' });
    expect(line?.['time']).toMatch(/^\d{4}-.*Z$/);
  });

  it('hides secret fields and secrets within errors', () => {
    const lines = captured((logger) => {
      logger.log({ msg: 'saved', token: 'hunter2', account: { password: 'hunter2', id: 'A' } });
      logger.error(new Error('cannot reach redis://u:hunter2@cache'), 'Redis');
    });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({ token: '***', account: { password: '***', id: 'A' } });
  });

  it('keeps Nest’s own wiring for debugging', () => {
    const [line] = captured((logger) => logger.log('Mapped {/x, GET} route', 'RouterExplorer'));
    expect(line?.['level']).toBe('debug');
  });
});
