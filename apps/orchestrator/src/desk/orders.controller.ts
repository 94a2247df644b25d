import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  manualOrderSchema,
  orderModificationSchema,
  orderSchema,
  orderStatusSchema,
  orderWithEventsSchema,
  tradingCommandSchema,
  type ManualOrder,
  type Order,
  type OrderModification,
  type OrderWithEvents,
  type TradingCommand,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { ForwardToHolder } from './forward-to-holder.interceptor';
import { OrderCommands } from './order-commands';
import { OrderRepository } from '../orders/order.repository';

const querySchema = z.strictObject({
  status: orderStatusSchema.optional(),
  symbol: z.string().min(1).max(50).optional(),
  account: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

@ApiTags('orders')
@ApiResponse({ status: 503, description: '`DATABASE_UNAVAILABLE`' })
@Controller('api/v1/orders')
export class OrdersController {
  constructor(
    private readonly orders: OrderRepository,
    private readonly commands: OrderCommands,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Orders, newest first' })
  @ApiOkResponse({ standardSchema: z.array(orderSchema) })
  list(@Query({ schema: querySchema }) query: z.output<typeof querySchema>): Promise<Order[]> {
    return this.orders.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One order with its events' })
  @ApiOkResponse({ standardSchema: orderWithEventsSchema })
  @ApiResponse({ status: 404, description: '`ORDER_UNKNOWN`' })
  async one(@Param('id', { schema: z.uuid() }) id: string): Promise<OrderWithEvents> {
    const order = await this.orders.findWithEvents(id);
    if (order) return order;
    throw new ProblemException(404, 'ORDER_UNKNOWN', `There is no order ${id}.`);
  }

  @Post()
  @UseInterceptors(ForwardToHolder)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Places an order for a person; the same requestId gives the same order',
    description:
      'It goes the way of every other order: risk check, ledger, broker. A denied order is answered with 201 as well, with its reason in `rejection`.',
  })
  @ApiCreatedResponse({ standardSchema: orderSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      market: {
        summary: 'Ten shares at the market',
        value: {
          ...{ requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a01', accountId: 'PAPER_TRADER_001' },
          ...{ symbol: 'RELIANCE', side: 'BUY', type: 'MARKET', quantity: 10, by: 'mira', reason: 'hedge' },
        },
      },
      stopLimit: {
        summary: 'A stop that sells at no less than its limit',
        value: {
          ...{ requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a02', accountId: 'PAPER_TRADER_001' },
          ...{ symbol: 'RELIANCE', side: 'SELL', type: 'STOP_LIMIT', quantity: 10, triggerPrice: 2450 },
          ...{ limitPrice: 2445, timeInForce: 'DAY', by: 'mira', reason: 'protect the hedge' },
        },
      },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`' })
  @ApiResponse({
    status: 409,
    description:
      '`NO_PRICE` of the symbol; `REQUEST_ID_REUSED` for another order; `IDENTICAL_ORDER`, placed within the last ten seconds and not marked `repeat`; `ACCOUNT_DISABLED`; `ACCOUNT_BLOCKED`, with the reason; `ACCOUNT_NOT_TRADED_HERE`: another orchestrator has it',
  })
  place(@Body({ schema: manualOrderSchema }) order: ManualOrder): Promise<Order> {
    return this.commands.place(order);
  }

  @Patch(':id')
  @UseInterceptors(ForwardToHolder)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Changes quantity or limit of an order that rests at the broker' })
  @ApiOkResponse({ standardSchema: orderSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      limit: {
        summary: 'Another limit',
        value: { limitPrice: 2446.5, by: 'mira', reason: 'the market moved' },
      },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 404, description: '`ORDER_UNKNOWN`' })
  @ApiResponse({
    status: 409,
    description:
      '`ORDER_NOT_WORKING`; `CHANGE_DENIED` by the risk check, with its code; `CHANGE_IMPOSSIBLE`: below what is filled, or a limit for a market order; `ACCOUNT_NOT_TRADED_HERE`',
  })
  modify(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: orderModificationSchema }) change: OrderModification,
  ): Promise<Order> {
    return this.commands.modify(id, change);
  }

  @Post(':id/cancel')
  @UseInterceptors(ForwardToHolder)
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Cancels an order; possible in every trading state' })
  @ApiOkResponse({ standardSchema: orderSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: { cancel: { summary: 'Cancel', value: { by: 'mira', reason: 'not wanted any more' } } },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 404, description: '`ORDER_UNKNOWN`' })
  @ApiResponse({
    status: 409,
    description: '`ORDER_NOT_WORKING`: at its end, or still being found out; `ACCOUNT_NOT_TRADED_HERE`',
  })
  cancel(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: tradingCommandSchema }) command: TradingCommand,
  ): Promise<Order> {
    return this.commands.cancel(id, command);
  }
}
