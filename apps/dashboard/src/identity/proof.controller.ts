import { Controller, Req } from '@nestjs/common';
import type { EndpointInput, RecoveryCodes, SecondFactorSetup } from '@tickbridge/contracts';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import type { Session } from '@tickbridge/shared-cache';
import type { FastifyRequest } from 'fastify';
import { AuditLog } from '../audit/audit.log';
import { LoginService } from './login.service';
import { OwnAccount } from './own-account';
import { sessionOf } from './session-of';

/** How the signed-in person proves who they are: password, second factor, and a fresh proof. */
@Controller()
export class ProofController {
  constructor(
    private readonly loginService: LoginService,
    private readonly account: OwnAccount,
    private readonly audit: AuditLog,
  ) {}

  @Serve('POST /api/v1/auth/confirm')
  async confirm(
    @Input() { body: proof }: EndpointInput<'POST /api/v1/auth/confirm'>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const session = sessionOf(request);
    await this.noted(request, 'confirm', async () => {
      await this.loginService.confirm(session, proof, request.ip);
      await this.account.noteProof(session);
    });
  }

  @Serve('POST /api/v1/auth/password')
  async password(
    @Input() { body: { current, next } }: EndpointInput<'POST /api/v1/auth/password'>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const session = sessionOf(request);
    await this.noted(request, 'password.change', async () => {
      await this.loginService.confirm(session, { password: current }, request.ip);
      await this.account.setPassword(session, next);
    });
  }

  @Serve('POST /api/v1/auth/second-factor')
  begin(
    @Input() _input: EndpointInput<'POST /api/v1/auth/second-factor'>,
    @Req() request: FastifyRequest,
  ): Promise<SecondFactorSetup> {
    return this.account.beginSecondFactor(sessionOf(request));
  }

  @Serve('POST /api/v1/auth/second-factor/enable')
  enable(
    @Input() { body: { code } }: EndpointInput<'POST /api/v1/auth/second-factor/enable'>,
    @Req() request: FastifyRequest,
  ): Promise<RecoveryCodes> {
    const session = sessionOf(request);
    return this.noted(request, 'second-factor.enable', () =>
      this.account.enableSecondFactor(session, code, request.ip),
    );
  }

  @Serve('DELETE /api/v1/auth/second-factor')
  async remove(
    @Input() _input: EndpointInput<'DELETE /api/v1/auth/second-factor'>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const session = sessionOf(request);
    await this.noted(request, 'second-factor.remove', () => this.account.removeSecondFactor(session));
  }

  private async noted<T>(request: FastifyRequest, action: string, act: () => Promise<T>): Promise<T> {
    const { userName }: Session = sessionOf(request);
    const event = { actor: userName, action, address: request.ip };
    try {
      const result = await act();
      await this.audit.record(event);
      return result;
    } catch (error) {
      if (error instanceof ProblemException) await this.audit.record({ ...event, outcome: error.code });
      throw error;
    }
  }
}
