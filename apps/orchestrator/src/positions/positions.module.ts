import { Module } from '@nestjs/common';
import { PositionBook } from './position-book';
import { PositionLives } from './position-lives';

/** What is held, as the fold of proved fills. */
@Module({
  providers: [PositionBook, PositionLives],
  exports: [PositionBook],
})
export class PositionsModule {}
