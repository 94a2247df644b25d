/** Who this service is, for health answers, logs and metrics. */
export abstract class ServiceIdentity {
  /** Folder name of the app, `market-data`. */
  abstract readonly name: string;
  abstract readonly title: string;
  abstract readonly description: string;
}
