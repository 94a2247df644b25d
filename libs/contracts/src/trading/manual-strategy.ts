/**
 * What orders of a person are booked under. Their signals belong to one account and are carried out by nobody else; their
 * positions are the person's to end, but for the levels that the
 * person has set.
 */
export const MANUAL_STRATEGY = 'manual';

/** What signals are stored under that place a protective stop, or close what none protects. They belong to one account. */
export const PROTECTION_STRATEGY = 'protection';
