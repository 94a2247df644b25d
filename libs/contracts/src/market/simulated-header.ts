/**
 * Response header with which a WebSocket server of made-up or recorded prices says so.
 *
 * The vendors' protocols have no word for it; without the header a recording served over a vendor's socket would
 * pass for a live market.
 */
export const SIMULATED_HEADER = 'x-simulated';
