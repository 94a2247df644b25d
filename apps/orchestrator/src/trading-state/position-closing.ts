/**
 * Closing every position, as the last step down the kill ladder asks for it.
 *
 * What closes them knows orders and traders; those who ask stand below that.
 */
export abstract class PositionClosing {
  /** Closes everything; answers when done, or after five seconds while it goes on. */
  abstract flatten(): Promise<void>;
}
