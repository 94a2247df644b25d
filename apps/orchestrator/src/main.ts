import { runService } from '@tickbridge/service-bootstrap';
import { orchestrator } from './service';

void runService(orchestrator);
