import { Controller, UseInterceptors } from '@nestjs/common';
import type {
  ChargeDifference,
  ChargeEstimate,
  ContractNoteAnswer,
  EndpointInput,
} from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { ChargeDifferences } from './charge-differences';
import { ChargeEstimates } from './charge-estimates';
import { ContractNotes } from './contract-notes';
import { ForwardToHolder } from './forward-to-holder.interceptor';

@Controller()
export class ChargesController {
  constructor(
    private readonly estimates: ChargeEstimates,
    private readonly notes: ContractNotes,
    private readonly differences: ChargeDifferences,
  ) {}

  @Serve('GET /api/v1/charges/estimate')
  estimate(@Input() { query }: EndpointInput<'GET /api/v1/charges/estimate'>): Promise<ChargeEstimate> {
    return this.estimates.of(query);
  }

  @Serve('POST /api/v1/accounts/:id/contract-notes')
  @UseInterceptors(ForwardToHolder)
  take(
    @Input() { params: { id }, body }: EndpointInput<'POST /api/v1/accounts/:id/contract-notes'>,
  ): Promise<ContractNoteAnswer> {
    return this.notes.take(id, body);
  }

  @Serve('GET /api/v1/accounts/:id/charge-differences')
  list(
    @Input()
    { params: { id }, query: { limit } }: EndpointInput<'GET /api/v1/accounts/:id/charge-differences'>,
  ): Promise<ChargeDifference[]> {
    return this.differences.list(id, limit);
  }
}
