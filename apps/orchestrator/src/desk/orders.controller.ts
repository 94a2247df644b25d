import { Controller, UseInterceptors } from '@nestjs/common';
import type { EndpointInput, Order, OrderWithEvents, Position } from '@tickbridge/contracts';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import { OrderRepository } from '../orders/order.repository';
import { ForwardToHolder } from './forward-to-holder.interceptor';
import { ManualExits } from './manual-exits';
import { ManualOrders } from './manual-orders';
import { OrderChanges } from './order-changes';

@Controller()
export class OrdersController {
  constructor(
    private readonly orders: OrderRepository,
    private readonly manual: ManualOrders,
    private readonly changes: OrderChanges,
    private readonly exits: ManualExits,
  ) {}

  @Serve('GET /api/v1/orders')
  list(@Input() { query }: EndpointInput<'GET /api/v1/orders'>): Promise<Order[]> {
    return this.orders.list(query);
  }

  @Serve('GET /api/v1/orders/:id')
  async one(@Input() { params: { id } }: EndpointInput<'GET /api/v1/orders/:id'>): Promise<OrderWithEvents> {
    const order = await this.orders.findWithEvents(id);
    if (order) return order;
    throw new ProblemException(404, 'ORDER_UNKNOWN', `There is no order ${id}.`);
  }

  @Serve('POST /api/v1/orders')
  @UseInterceptors(ForwardToHolder)
  place(@Input() { body: order }: EndpointInput<'POST /api/v1/orders'>): Promise<Order> {
    return this.manual.place(order);
  }

  @Serve('PATCH /api/v1/orders/:id')
  @UseInterceptors(ForwardToHolder)
  modify(
    @Input() { params: { id }, body: change }: EndpointInput<'PATCH /api/v1/orders/:id'>,
  ): Promise<Order> {
    return this.changes.modify(id, change);
  }

  @Serve('POST /api/v1/orders/:id/cancel')
  @UseInterceptors(ForwardToHolder)
  cancel(
    @Input() { params: { id }, body: command }: EndpointInput<'POST /api/v1/orders/:id/cancel'>,
  ): Promise<Order> {
    return this.changes.cancel(id, command);
  }

  @Serve('PUT /api/v1/positions/exits')
  @UseInterceptors(ForwardToHolder)
  setExits(@Input() { body: exits }: EndpointInput<'PUT /api/v1/positions/exits'>): Promise<Position> {
    return this.exits.set(exits);
  }
}
