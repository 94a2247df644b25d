import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ShareKhanServer } from './sharekhan.server';

const loginSchema = z.object({
  api_key: z.string().min(1),
  state: z.string().max(500).default(''),
  version_id: z.enum(['1005', '1006']).optional(),
  vendor_key: z.string().optional(),
});
type Login = z.output<typeof loginSchema>;

const entrySchema = loginSchema.extend({ customer: z.string().regex(/^\d{1,12}$/, 'expected digits') });

/** The login page a browser is sent to every day, and the way back. Any customer is let in: nothing here is real. */
@ApiTags('sharekhan')
@Controller('skapi/auth')
export class ShareKhanLoginController {
  constructor(private readonly server: ShareKhanServer) {}

  @Get('login.html')
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiOperation({ summary: 'The login page' })
  page(
    @Query({ schema: loginSchema }) login: Login,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    this.mustKnow(login);
    // Browsers hold the way back, to which the form's answer redirects, to the rule for forms as well.
    const back = new URL(this.server.config.shareKhan.redirectUrl).origin;
    const policy = `default-src 'none'; form-action 'self' ${back}; base-uri 'none'; frame-ancestors 'none'`;
    void reply.header('content-security-policy', policy);
    const fields = Object.entries(login)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(String(value))}">`);
    return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ShareKhan (simulated)</title>
<h1>ShareKhan, simulated</h1>
<p>Stands in for the broker's login page in development. Any customer number is let in.</p>
<form action="enter" method="get">${fields.join('')}
<label>Customer <input name="customer" value="987654" inputmode="numeric"></label>
<button>Log in</button></form></html>`;
  }

  @Get('enter')
  @ApiOperation({ summary: 'Sends the browser back with a request token' })
  enter(
    @Query({ schema: entrySchema }) login: z.output<typeof entrySchema>,
    @Res() reply: FastifyReply,
  ): void {
    this.mustKnow(login);
    const back = new URL(this.server.config.shareKhan.redirectUrl);
    const token = this.server.logins.requestToken(login.customer, login.version_id ? 'base64url' : 'base64');
    back.searchParams.set('request_token', token);
    back.searchParams.set('state', login.state);
    void reply.status(302).header('location', back.toString()).send();
  }

  private mustKnow({ api_key }: Login): void {
    if (this.server.logins.knows(api_key)) return;
    throw new ProblemException(400, 'API_KEY_UNKNOWN', 'There is no app with this api_key.');
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
