import { type DynamicModule, Module } from '@nestjs/common';
import { CrashPoints, type PlannedCrash } from './crash-points';

/** Where tests of recovery let the process kill itself. Global: the points lie in many rooms. */
@Module({})
export class CrashPointsModule {
  static forPlan(planned: PlannedCrash | undefined): DynamicModule {
    return {
      module: CrashPointsModule,
      global: true,
      providers: [{ provide: CrashPoints, useFactory: () => new CrashPoints(planned) }],
      exports: [CrashPoints],
    };
  }
}
