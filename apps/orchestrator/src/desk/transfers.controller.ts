import { Controller, UseInterceptors } from '@nestjs/common';
import type { BookedTransfer, EndpointInput } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { ForwardToHolder } from './forward-to-holder.interceptor';
import { Transfers } from './transfers';

@Controller()
export class TransfersController {
  constructor(private readonly transfers: Transfers) {}

  @Serve('POST /api/v1/accounts/:id/transfers')
  @UseInterceptors(ForwardToHolder)
  book(
    @Input() { params: { id }, body }: EndpointInput<'POST /api/v1/accounts/:id/transfers'>,
  ): Promise<BookedTransfer> {
    return this.transfers.book(id, body);
  }
}
