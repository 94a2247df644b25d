/** No row of the table says what a trade costs. */
export class ChargesUnknownError extends Error {
  readonly code = 'CHARGES_UNKNOWN';
  override readonly name = 'ChargesUnknownError';

  /** @param what what was looked for: `exchange of equity (intraday) on NSE on 2020-01-02` */
  constructor(what: string) {
    super(`no row of the table of charges covers ${what}: put one into CHARGES_DIR`);
  }
}

/** There is no such plan of a broker. */
export class UnknownChargePlanError extends Error {
  readonly code = 'CHARGE_PLAN_UNKNOWN';
  override readonly name = 'UnknownChargePlanError';

  constructor(plan: string, known: readonly string[]) {
    super(`there is no plan ${plan}; there are ${known.join(', ')}`);
  }
}
