/** How a service takes the table of charges in; also the injection token. */
export abstract class ChargeOptions {
  /** Folder of the files that people put there; it need not exist. */
  abstract readonly directory: string;
}
