import { feedFacts, type FeedName } from '@tickbridge/contracts';

/** Name of the calendar that most instruments of a feed trade by; one that names its own goes by that. */
export function calendarOf(source: FeedName): string {
  return feedFacts(source).calendar;
}
