import { ENDPOINT_NAMES, endpoints, routeOf } from '.';
import { PROBLEM_STATUSES } from '../platform/problem-codes';
import { isServedBy, problemsOf } from './common-problems';
import { type Endpoint, problemList, takesBody } from './endpoint';
import { SERVICES, type ServiceName } from './services';

const all = ENDPOINT_NAMES.map((name): [string, Endpoint] => [name, endpoints[name]]);
const services = Object.keys(SERVICES) as ServiceName[];

describe('the table of endpoints', () => {
  it('has as many endpoints as its parts together: no key twice', async () => {
    const parts = await Promise.all([
      import('./orders'),
      import('./charges'),
      import('./accounts'),
      import('./broker-login'),
      import('./portfolio'),
      import('./trading'),
      import('./risk'),
      import('./calendars'),
      import('./transfers'),
      import('./research'),
      import('./market-data'),
      import('./instruments'),
      import('./market-views'),
      import('./dashboard'),
      import('./sign-in'),
      import('./administration'),
      import('./health'),
    ]);
    const names = parts.flatMap((part) =>
      Object.entries(part)
        .filter(([exported]) => exported.endsWith('Endpoints'))
        .flatMap(([, group]) => Object.keys(group)),
    );
    expect(names.sort()).toEqual([...ENDPOINT_NAMES].sort());
  });

  it.each(all)('%s shows an answer that its schema takes', (_name, { answer, answerExample }) => {
    expect(answer.safeParse(answerExample)).toMatchObject({ success: true, data: answerExample });
  });

  it.each(all.filter(([, one]) => takesBody(one)))('%s shows bodies that its schema takes', (_name, one) => {
    const examples = Object.entries(one.bodyExamples);
    expect(examples).not.toEqual([]);
    const refused = examples.filter(([, example]) => !one.body.safeParse(example).success);
    expect(refused).toEqual([]);
  });

  it.each(all)('%s names the parameters of its path', (name, { params }) => {
    const { path } = routeOf(name as (typeof ENDPOINT_NAMES)[number]);
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter);
    expect(Object.keys(params.shape)).toEqual(inPath);
  });

  it.each(all)('%s says when each of its problems comes', (name, one) => {
    const { method } = routeOf(name as (typeof ENDPOINT_NAMES)[number]);
    for (const service of services.filter((service) => isServedBy(one, service))) {
      for (const { code, status, when } of problemList(problemsOf(method, one, service))) {
        expect(PROBLEM_STATUSES[code]).toContain(status);
        expect(when).not.toBe('');
      }
    }
  });

  it('lets each code of problems come from somewhere', () => {
    const documented = new Set(
      all.flatMap(([name, one]) =>
        services
          .filter((service) => isServedBy(one, service))
          .flatMap((service) => {
            const { method } = routeOf(name as (typeof ENDPOINT_NAMES)[number]);
            return problemList(problemsOf(method, one, service)).map(({ code }) => code);
          }),
      ),
    );
    // No endpoint at all: the path is none of the service.
    const elsewhere = ['NOT_FOUND'];
    expect(Object.keys(PROBLEM_STATUSES).filter((code) => !documented.has(code as never))).toEqual(elsewhere);
  });
});
