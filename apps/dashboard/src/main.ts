import { runService } from '@tickbridge/service-bootstrap';
import { dashboard } from './dashboard.definition';

void runService(dashboard);
