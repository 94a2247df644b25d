import { z } from 'zod';
import { livenessSchema, readinessSchema } from '../platform/health';
import { endpoint } from './endpoint';

/** What every service answers about itself. */
export const healthEndpoints = {
  'GET /health/live': endpoint({
    owner: 'every',
    tag: 'health',
    summary: 'The process runs and answers',
    access: { least: 'public' },
    answer: livenessSchema,
    answerExample: { status: 'up', service: 'market-data', uptimeMs: 86_400_000 },
    errors: {},
  }),

  'GET /health/ready': endpoint({
    owner: 'every',
    tag: 'health',
    summary: 'State of each dependency; degraded is ready, down answers 503',
    access: { least: 'public' },
    answer: readinessSchema,
    answerExample: {
      status: 'degraded',
      service: 'market-data',
      dependencies: { redis: { status: 'degraded', detail: 'not connected' }, postgresql: { status: 'up' } },
    },
    errors: {},
  }),

  'GET /metrics': endpoint({
    owner: 'every',
    tag: 'health',
    summary: 'Prometheus metrics',
    access: { least: 'viewer' },
    media: ['text/plain'],
    answer: z.string(),
    answerExample: '# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 12.4\n',
    errors: {},
  }),
};
