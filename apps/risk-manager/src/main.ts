import { runService } from '@tickbridge/service-bootstrap';
import { riskManager } from './risk-manager.definition';

void runService(riskManager);
