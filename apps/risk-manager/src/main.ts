import { runService } from '@tickbridge/service-bootstrap';
import { riskManager } from './service';

void runService(riskManager);
