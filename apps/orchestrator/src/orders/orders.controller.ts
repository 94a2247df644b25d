import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  orderSchema,
  orderStatusSchema,
  orderWithEventsSchema,
  type Order,
  type OrderWithEvents,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
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
  constructor(private readonly orders: OrderRepository) {}

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
}
