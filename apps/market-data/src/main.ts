import { runService } from '@tickbridge/service-bootstrap';
import { marketData } from './market-data.definition';

void runService(marketData);
