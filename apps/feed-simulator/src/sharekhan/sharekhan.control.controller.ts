import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { shareKhanFaultSchema, type ShareKhanFault } from './sharekhan.faults';
import { reportRow } from './sharekhan.rows';
import { ShareKhanServer } from './sharekhan.server';

@ApiTags('simulator')
@Controller('api/v1/simulator/sharekhan')
export class ShareKhanControlController {
  constructor(private readonly server: ShareKhanServer) {}

  @Get()
  @ApiOperation({ summary: 'Calls the simulated broker has had, and open acknowledgement streams' })
  status(): ReturnType<ShareKhanServer['status']> {
    return this.server.status();
  }

  @Get('orders/:customerId')
  @ApiOperation({ summary: "A customer's day report as the broker has it, without a login" })
  orders(@Param('customerId') customerId: string): object[] {
    return this.server.books.of(customerId).map(reportRow);
  }

  @Post('faults')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Shows a fault of the broker: lost answers, dead tokens, rejections, throttling' })
  fault(
    @Body({ schema: shareKhanFaultSchema }) fault: ShareKhanFault,
  ): ReturnType<ShareKhanServer['status']> {
    this.server.show(fault);
    return this.server.status();
  }
}
