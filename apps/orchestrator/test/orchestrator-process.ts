import { ServiceProcess } from '@tickbridge/service-bootstrap/testing';

export { requiredVariable, TEST_KEY } from '@tickbridge/service-bootstrap/testing';

/** An orchestrator as a process of its own; paths begin after `/api/v1/`. */
export class OrchestratorProcess extends ServiceProcess {
  override fetch(path: string, init?: RequestInit): Promise<Response> {
    return super.fetch(`/api/v1/${path}`, init);
  }
}
