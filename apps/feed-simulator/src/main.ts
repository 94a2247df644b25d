import { runService } from '@tickbridge/service-bootstrap';
import { simulator } from './simulator.definition';

void runService(simulator);
