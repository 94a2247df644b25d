import { Logger } from '@nestjs/common';

// Tests break connections on purpose; what the log says of it would only bury the results.
Logger.overrideLogger(false);
