import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/** Prometheus metrics of this service. Labels carry groups (route, namespace, reason), never values. */
@Injectable()
export class MetricsRegistry extends Registry {}
