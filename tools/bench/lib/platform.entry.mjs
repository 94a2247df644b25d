// What a service of the platform imports, as one bundle: see platform.mjs.
export { NestFactory } from '@nestjs/core';
export { ClientRedis, ServerRedis } from '@nestjs/microservices';
export { z } from 'zod';
export * from '@tickbridge/shared-cache';
