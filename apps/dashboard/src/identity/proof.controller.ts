import { Body, Controller, Delete, HttpCode, Post, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  codeSchema,
  confirmationSchema,
  passwordChangeSchema,
  recoveryCodesSchema,
  secondFactorSetupSchema,
  type Confirmation,
  type PasswordChange,
  type RecoveryCodes,
  type SecondFactorSetup,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { Session } from '@tickbridge/shared-cache';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AuditLog } from '../audit/audit.log';
import { LoginService } from './login.service';
import { OwnAccount } from './own-account';
import { sessionOf } from './session-of';

/** How the signed-in person proves who they are: password, second factor, and a fresh proof. */
@ApiTags('sign-in')
@Controller('api/v1/auth')
export class ProofController {
  constructor(
    private readonly loginService: LoginService,
    private readonly account: OwnAccount,
    private readonly audit: AuditLog,
  ) {}

  @Post('confirm')
  @HttpCode(204)
  @ApiOperation({ summary: 'Proves anew who is there, by password or code; counts for five minutes' })
  @ApiNoContentResponse()
  async confirm(
    @Body({ schema: confirmationSchema }) proof: Confirmation,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const session = sessionOf(request);
    await this.noted(request, 'confirm', async () => {
      await this.loginService.confirm(session, proof, request.ip);
      await this.account.noteProof(session);
    });
  }

  @Post('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Changes the own password; all other sessions end' })
  @ApiNoContentResponse()
  async password(
    @Body({ schema: passwordChangeSchema }) { current, next }: PasswordChange,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const session = sessionOf(request);
    await this.noted(request, 'password.change', async () => {
      await this.loginService.confirm(session, { password: current }, request.ip);
      await this.account.setPassword(session, next);
    });
  }

  @Post('second-factor')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begins to set up a second factor: the secret, and its QR code' })
  @ApiOkResponse({ standardSchema: secondFactorSetupSchema })
  begin(@Req() request: FastifyRequest): Promise<SecondFactorSetup> {
    return this.account.beginSecondFactor(sessionOf(request));
  }

  @Post('second-factor/enable')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts it in force with a first code; answers the recovery codes this once' })
  @ApiOkResponse({ standardSchema: recoveryCodesSchema })
  enable(
    @Body({ schema: codeSchema }) { code }: z.output<typeof codeSchema>,
    @Req() request: FastifyRequest,
  ): Promise<RecoveryCodes> {
    const session = sessionOf(request);
    return this.noted(request, 'second-factor.enable', () =>
      this.account.enableSecondFactor(session, code, request.ip),
    );
  }

  @Delete('second-factor')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes the second factor and its recovery codes' })
  @ApiNoContentResponse()
  async remove(@Req() request: FastifyRequest): Promise<void> {
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
