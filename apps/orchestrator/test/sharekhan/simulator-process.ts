import { ServiceProcess } from '@tickbridge/service-bootstrap/testing';

/** The app that the simulated ShareKhan knows. */
export const APP = { apiKey: 'simulated-api-key', secretKey: '0123456789abcdef0123456789abcdef' };

/** A row of the simulated broker's day report. */
export interface ReportRow {
  orderId: string;
  orderStatus: string;
  tradingSymbol: string;
  /** `B`, `S`, and with an `M` behind it for intraday. */
  buySell: string;
  orderQty: number;
  execQty: number;
  avgPrice: string;
  orderPrice: string;
}

/** The simulated ShareKhan as a process of its own. */
export class SimulatorProcess extends ServiceProcess {
  static open(): Promise<SimulatorProcess> {
    return SimulatorProcess.start('feed-simulator', {});
  }

  /** What a person does in the browser: logs in on the broker's page. @returns what the browser is sent back with */
  async logIn(loginUrl: string, customer = '987654'): Promise<{ state: string; requestToken: string }> {
    const back = await fetch(`${loginUrl.replace('login.html', 'enter')}&customer=${customer}`, {
      redirect: 'manual',
    });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    return {
      state: searchParams.get('state') ?? '',
      requestToken: searchParams.get('request_token') ?? '',
    };
  }

  async show(fault: object): Promise<void> {
    await this.post('/api/v1/simulator/sharekhan/faults', fault);
  }

  status(): Promise<{ calls: Record<string, number>; streams: number }> {
    return this.get('/api/v1/simulator/sharekhan');
  }

  /** The broker's own view of a customer's orders, without a login. */
  report(customer = '987654'): Promise<ReportRow[]> {
    return this.get(`/api/v1/simulator/sharekhan/orders/${customer}`);
  }
}
