import { runService } from '@tickbridge/service-bootstrap';
import { orchestrator } from './orchestrator.definition';

void runService(orchestrator);
