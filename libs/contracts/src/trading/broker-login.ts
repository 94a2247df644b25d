import { z } from 'zod';

/** `GET /api/v1/accounts/:id/login`: where the broker's daily login of an account begins. */
export const brokerLoginSchema = z.object({
  /** The broker's own login page; it sends the browser back to `/broker-login`. */
  url: z.url(),
  /** The address is good until then, once, and in the session it was given to. */
  expiresAt: z.iso.datetime(),
});
export type BrokerLogin = z.infer<typeof brokerLoginSchema>;

const requestToken = z.string().trim().min(16).max(2_048);

/** `POST /api/v1/accounts/login`: what the broker sent the browser back with. */
export const loginReturnSchema = z.strictObject({
  state: z.string().min(1).max(500),
  requestToken,
});
export type LoginReturn = z.infer<typeof loginReturnSchema>;

/** `POST /api/v1/accounts/:id/login`: a token carried over by hand. An access token needs the customer it belongs to. */
export const pastedLoginSchema = z.union([
  z.strictObject({ requestToken }),
  z.strictObject({
    accessToken: z.string().trim().min(8).max(8_192),
    customerId: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9]{1,32}$/, 'expected the customer number'),
    expiresAt: z.iso.datetime().optional(),
  }),
]);
export type PastedLogin = z.infer<typeof pastedLoginSchema>;
