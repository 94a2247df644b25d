import { Module } from '@nestjs/common';
import { OrderCharges } from './order-charges';

/** What orders cost. The table itself is known everywhere. */
@Module({ providers: [OrderCharges], exports: [OrderCharges] })
export class OrderChargesModule {}
