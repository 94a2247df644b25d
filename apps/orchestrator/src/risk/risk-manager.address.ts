/** The way round: risk-manager over HTTP. */
export abstract class RiskManagerAddress {
  abstract readonly url: string;
  abstract readonly internalApiKey: string;
}
