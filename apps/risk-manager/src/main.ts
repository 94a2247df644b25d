import { isMainThread } from 'node:worker_threads';
import { runService } from '@tickbridge/service-bootstrap';
import { riskManager } from './risk-manager.definition';

// The bundle is also the file of the backtest threads, which run no service.
if (isMainThread) void runService(riskManager);
