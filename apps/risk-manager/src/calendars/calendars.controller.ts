import { Controller } from '@nestjs/common';
import type { CalendarAnswer, CalendarSummary, EndpointInput } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { CalendarsService } from './calendars.service';

@Controller()
export class CalendarsController {
  constructor(private readonly calendars: CalendarsService) {}

  @Serve('GET /api/v1/calendars')
  list(): CalendarSummary[] {
    return this.calendars.list();
  }

  @Serve('GET /api/v1/calendars/:id')
  show(@Input() { params, query }: EndpointInput<'GET /api/v1/calendars/:id'>): Promise<CalendarAnswer> {
    return this.calendars.show(params.id, query);
  }

  @Serve('PUT /api/v1/calendars/:id/days/:date')
  change(
    @Input() { params, body }: EndpointInput<'PUT /api/v1/calendars/:id/days/:date'>,
  ): Promise<CalendarAnswer> {
    return this.calendars.change(params, body);
  }

  @Serve('DELETE /api/v1/calendars/:id/days/:date')
  takeBack(
    @Input() { params, body }: EndpointInput<'DELETE /api/v1/calendars/:id/days/:date'>,
  ): Promise<CalendarAnswer> {
    return this.calendars.takeBack(params, body);
  }
}
