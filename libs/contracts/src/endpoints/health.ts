import { z } from 'zod';
import { livenessSchema, readinessSchema } from '../platform/health';
import { endpoint } from './endpoint';

/** Probes and scrapers add fields of their own, against caches for example. */
const anyQuery = z.looseObject({});

/** What every service answers about itself. */
export const healthEndpoints = {
  'GET /health/live': endpoint({
    owner: 'every',
    tag: 'health',
    summary: 'The process runs and answers',
    access: { least: 'public' },
    query: anyQuery,
    answer: livenessSchema,
    answerExample: { status: 'up', service: 'market-data', uptimeMs: 86_400_000 },
    errors: {},
  }),

  'GET /health/ready': endpoint({
    owner: 'every',
    tag: 'health',
    summary: 'State of each dependency; degraded is ready, down answers 503',
    access: { least: 'public' },
    query: anyQuery,
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
    query: anyQuery,
    answer: z.string(),
    answerExample: '# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 12.4\n',
    errors: {},
  }),
};
