import { Controller } from '@nestjs/common';
import type { EndpointInput, PositionSizingAnswer } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { PositionSizingService } from './position-sizing.service';

@Controller()
export class PositionSizingController {
  constructor(private readonly sizing: PositionSizingService) {}

  @Serve('POST /api/v1/position-sizing')
  size(
    @Input() { body: request }: EndpointInput<'POST /api/v1/position-sizing'>,
  ): Promise<PositionSizingAnswer> {
    return this.sizing.size(request);
  }
}
