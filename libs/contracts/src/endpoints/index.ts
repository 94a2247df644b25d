import type { z } from 'zod';
import { accountEndpoints } from './accounts';
import { administrationEndpoints } from './administration';
import { brokerLoginEndpoints } from './broker-login';
import { calendarEndpoints } from './calendars';
import { chargeEndpoints } from './charges';
import { dashboardEndpoints } from './dashboard';
import type { Endpoint, HttpMethod, Route } from './endpoint';
import { healthEndpoints } from './health';
import { instrumentEndpoints } from './instruments';
import { marketDataEndpoints } from './market-data';
import { marketViewEndpoints } from './market-views';
import { orderEndpoints } from './orders';
import { portfolioEndpoints } from './portfolio';
import { researchEndpoints } from './research';
import { riskEndpoints } from './risk';
import { signInEndpoints } from './sign-in';
import { transferEndpoints } from './transfers';
import { tradingEndpoints } from './trading';

/** Every endpoint of every service, by method and path. Written nowhere else. */
export const endpoints = {
  ...orderEndpoints,
  ...chargeEndpoints,
  ...transferEndpoints,
  ...accountEndpoints,
  ...brokerLoginEndpoints,
  ...portfolioEndpoints,
  ...tradingEndpoints,
  ...riskEndpoints,
  ...calendarEndpoints,
  ...researchEndpoints,
  ...marketDataEndpoints,
  ...instrumentEndpoints,
  ...marketViewEndpoints,
  ...dashboardEndpoints,
  ...signInEndpoints,
  ...administrationEndpoints,
  ...healthEndpoints,
} satisfies Record<Route, Endpoint>;

export type Endpoints = typeof endpoints;
/** Method and path of an endpoint that exists. */
export type EndpointName = keyof Endpoints;

/** What its handler is given, checked and with defaults filled in. */
export interface EndpointInput<Name extends EndpointName> {
  readonly params: z.output<Endpoints[Name]['params']>;
  readonly query: z.output<Endpoints[Name]['query']>;
  readonly body: z.output<Endpoints[Name]['body']>;
}

/** What it answers with. */
export type EndpointAnswer<Name extends EndpointName> = z.output<Endpoints[Name]['answer']>;

export const ENDPOINT_NAMES = Object.keys(endpoints) as EndpointName[];

/** Method and path of an endpoint. */
export function routeOf(name: EndpointName): { method: HttpMethod; path: string } {
  const [method, path] = name.split(' ') as [HttpMethod, string];
  return { method, path };
}

/** What a caller at the dashboard does not say: the dashboard fills in who asks, and in which session. */
type FilledIn = 'by' | 'session';
type Without<Value, Field extends PropertyKey> = Value extends object ? Omit<Value, Field> : Value;
/** A part of a request, which may be left out where nothing of it is needed. */
type Part<Field extends string, Value> = Nothing extends Value
  ? { readonly [Key in Field]?: Value }
  : { readonly [Key in Field]: Value };
type Nothing = Record<never, never>;
/** A field that may be left out may be `undefined` as well. */
type Fields<Value> = {
  readonly [Key in keyof Value]: Nothing extends Pick<Value, Key> ? Value[Key] | undefined : Value[Key];
};

/** What a caller sends to the dashboard. */
export type EndpointRequest<Name extends EndpointName> = Part<
  'params',
  Fields<z.input<Endpoints[Name]['params']>>
> &
  Part<'query', Fields<Without<z.input<Endpoints[Name]['query']>, FilledIn>>> &
  (undefined extends z.input<Endpoints[Name]['body']>
    ? object
    : { readonly body: Without<z.input<Endpoints[Name]['body']>, FilledIn> });
