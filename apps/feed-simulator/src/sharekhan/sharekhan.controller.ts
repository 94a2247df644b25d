import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, deny, isRefusal, send, spoil } from './sharekhan.answers';
import { RefusedChange, averageOf } from './sharekhan.books';
import type { ShareKhanCall } from './sharekhan.faults';
import { accessRequestSchema, orderRequestSchema, type ShareKhanOrderRequest } from './sharekhan.requests';
import { historyRows, holdingRows, limitRow, positionRows, reportRow, shareKhanTime } from './sharekhan.rows';
import { ShareKhanServer } from './sharekhan.server';

const CALLS = { NEW: 'new', MODIFY: 'modify', CANCEL: 'cancel' } as const;

/** ShareKhan's REST services. Answers carry ShareKhan's own envelope, problems included. */
@ApiTags('sharekhan')
@Controller('skapi/services')
export class ShareKhanController {
  constructor(private readonly server: ShareKhanServer) {}

  @Post('access/token')
  @ApiOperation({ summary: 'Exchanges a request token, swapped and encrypted again, for an access token' })
  token(@Body() body: unknown, @Res() reply: FastifyReply): void {
    this.perform('login', reply, () => {
      const request = accessRequestSchema.safeParse(body);
      if (!request.success || !this.server.logins.knows(request.data.apiKey)) {
        return { status: 400, message: 'Invalid input' };
      }
      const access = this.server.logins.exchange(request.data.requestToken);
      if (!access) return { status: 400, message: 'Invalid request token' };
      return { status: 200, message: 'access_token', data: access };
    });
  }

  @Post('orders')
  @ApiOperation({ summary: 'NEW, MODIFY or CANCEL an order' })
  orders(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const parsed = orderRequestSchema.safeParse(body);
    const customerId = this.customerOf(request);
    if (customerId === undefined) return deny(reply);
    if (!parsed.success)
      return send(reply, {
        status: 400,
        message: `Invalid input: ${parsed.error.issues[0]?.path.join('.')}`,
      });
    if (parsed.data.customerId !== customerId) return deny(reply);
    this.perform(CALLS[parsed.data.requestType], reply, () => this.order(parsed.data));
  }

  @Get('reports/:customerId')
  @ApiOperation({ summary: "The day's orders" })
  report(@Param('customerId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forCustomer('report', id, request, reply, (orders) =>
      this.server.faults.spoilReport(orders.map(reportRow)),
    );
  }

  @Get('reports/:exchange/:customerId/:orderId')
  @ApiOperation({ summary: 'History of an order' })
  history(
    @Param('customerId') id: string,
    @Param('orderId') orderId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    this.forCustomer('report', id, request, reply, (orders) =>
      orders.filter((order) => order.orderId === orderId).flatMap(historyRows),
    );
  }

  @Get('trades/:customerId')
  @ApiOperation({ summary: 'Net positions of the day' })
  trades(@Param('customerId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forCustomer('report', id, request, reply, positionRows);
  }

  @Get('holdings/:customerId')
  @ApiOperation({ summary: 'Shares held' })
  holdings(
    @Param('customerId') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    this.forCustomer('report', id, request, reply, holdingRows);
  }

  @Get('limitstmt/:exchange/:customerId')
  @ApiOperation({ summary: 'Cash and what the day used of it' })
  limits(@Param('customerId') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.forCustomer('report', id, request, reply, limitRow);
  }

  @Get('master/:exchange')
  @ApiOperation({ summary: 'Instruments of an exchange' })
  master(
    @Param('exchange') exchange: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    if (this.customerOf(request) === undefined) return deny(reply);
    this.perform('master', reply, () => ({
      status: 200,
      message: 'scrip_master',
      data: this.server.instruments.master(exchange),
    }));
  }

  @Get('historical/:exchange/:scripcode/:interval')
  @ApiOperation({ summary: 'One-minute bars of an instrument' })
  historical(
    @Param('scripcode') code: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    if (this.customerOf(request) === undefined) return deny(reply);
    this.perform('report', reply, () => {
      const symbol = this.server.instruments.find(Number(code));
      if (!symbol) return { status: 400, message: 'Invalid scrip code' };
      const rows = symbol.minutes.all.map(({ start, ...bar }) => ({
        tradeDate: shareKhanTime(start),
        ...bar,
      }));
      return { status: 200, message: 'historical', data: rows };
    });
  }

  private order(request: ShareKhanOrderRequest): Answer {
    const { books } = this.server;
    try {
      const order =
        request.requestType === 'NEW'
          ? books.take(request)
          : request.requestType === 'MODIFY'
            ? books.modify(request)
            : books.cancel(request);
      const data = {
        orderId: order.orderId,
        orderStatus: order.status,
        avgPrice: averageOf(order),
        errormsg: order.message,
      };
      return { status: 200, message: 'order', data };
    } catch (error) {
      if (!(error instanceof RefusedChange)) throw error;
      const data = { orderId: '0', orderStatus: 'Rejected', errormsg: error.message };
      return { status: 200, message: 'order', data };
    }
  }

  private forCustomer(
    call: ShareKhanCall,
    customerId: string,
    request: FastifyRequest,
    reply: FastifyReply,
    rows: (orders: ReturnType<ShareKhanServer['books']['of']>) => unknown,
  ): void {
    if (this.customerOf(request) !== customerId) return deny(reply);
    this.perform(call, reply, () => ({
      status: 200,
      message: call,
      data: rows(this.server.books.of(customerId)),
    }));
  }

  /** Counts the call, and answers it as it is or as the fault of the moment wants. */
  private perform(call: ShareKhanCall, reply: FastifyReply, work: () => Answer): void {
    this.server.count(call);
    const fault = this.server.faults.answer(call);
    if (!fault) return send(reply, work());
    if (fault.taken && !isRefusal(fault)) work();
    spoil(reply, fault);
  }

  private customerOf({ headers }: FastifyRequest): string | undefined {
    const [apiKey, token] = [headers['api-key'], headers['access-token']];
    if (typeof apiKey !== 'string' || !this.server.logins.knows(apiKey)) return undefined;
    return typeof token === 'string' ? this.server.logins.customerOf(token) : undefined;
  }
}
