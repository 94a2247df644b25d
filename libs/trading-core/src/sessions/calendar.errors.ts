/** No file describes a calendar of that name. */
export class UnknownCalendarError extends Error {
  readonly code = 'CALENDAR_UNKNOWN';
  override readonly name = 'UnknownCalendarError';

  constructor(id: string, known: readonly string[]) {
    super(`there is no calendar ${id}; there are ${known.join(', ')}`);
  }
}
