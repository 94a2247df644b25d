import type { FeedsStatus } from '@tickbridge/contracts';
import { ServiceProcess as AnyService } from '@tickbridge/service-bootstrap/testing';

export { requiredVariable, TEST_KEY } from '@tickbridge/service-bootstrap/testing';

/** A service around the feed, with the feed's state. */
export class ServiceProcess extends AnyService {
  status(): Promise<FeedsStatus> {
    return this.get('/api/v1/feed/status');
  }
}
