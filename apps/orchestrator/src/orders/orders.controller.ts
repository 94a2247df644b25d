import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
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
import { OrderCommands } from './order-commands';
import { OrderRepository } from './order.repository';

const querySchema = z.strictObject({
  status: orderStatusSchema.optional(),
  symbol: z.string().min(1).max(50).optional(),
  account: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

@ApiTags('orders')
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
  async one(@Param('id', { schema: z.uuid() }) id: string): Promise<OrderWithEvents> {
    const order = await this.orders.findWithEvents(id);
    if (order) return order;
    throw new ProblemException(404, 'ORDER_UNKNOWN', `There is no order ${id}.`);
  }

  @Post()
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Places an order for a person; the same requestId gives the same order',
    description:
      'It goes the way of every other order: risk check, ledger, broker. A denied order is answered with 201 as well, with its reason in `rejection`.',
  })
  @ApiCreatedResponse({ standardSchema: orderSchema })
  place(@Body({ schema: manualOrderSchema }) order: ManualOrder): Promise<Order> {
    return this.commands.place(order);
  }

  @Patch(':id')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Changes quantity or limit of an order that rests at the broker' })
  @ApiOkResponse({ standardSchema: orderSchema })
  modify(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: orderModificationSchema }) change: OrderModification,
  ): Promise<Order> {
    return this.commands.modify(id, change);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Cancels an order; possible in every trading state' })
  @ApiOkResponse({ standardSchema: orderSchema })
  cancel(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: tradingCommandSchema }) command: TradingCommand,
  ): Promise<Order> {
    return this.commands.cancel(id, command);
  }
}
