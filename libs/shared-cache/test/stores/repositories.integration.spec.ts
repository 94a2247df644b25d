import { randomUUID } from 'node:crypto';
import { describeSessionRepository, describeTokenRepository } from '../../src/testing';
import { memorySessions } from './memory-sessions';
import { memoryTokens } from './memory-tokens';

// The repositories of these tests keep what the ones on PostgreSQL keep, which run the same suites in their apps.
const done = async () => undefined;

describeTokenRepository('Memory', async () => new (memoryTokens().Repository)(), done);

describeSessionRepository(
  'Memory',
  async () => ({
    repository: new (memorySessions().Repository)(),
    newUser: async () => ({ id: randomUUID(), name: 'mira' }),
  }),
  done,
);
