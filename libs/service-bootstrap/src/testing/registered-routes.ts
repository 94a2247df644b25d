import { type INestApplication, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';

/** What the controllers of a service answer, `GET /api/v1/orders`, in order. */
export function registeredRoutes(app: INestApplication): string[] {
  const routes = [...app.get(ModulesContainer).values()]
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? routesOf(metatype) : []));
  return [...new Set(routes)].sort();
}

function routesOf(controller: { readonly prototype: object }): string[] {
  const base = stringOf(Reflect.getMetadata(PATH_METADATA, controller));
  return Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(({ value }) => {
    if (typeof value !== 'function') return [];
    const path: unknown = Reflect.getMetadata(PATH_METADATA, value);
    const method: unknown = Reflect.getMetadata(METHOD_METADATA, value);
    if (path === undefined || typeof method !== 'number') return [];
    const parts = [base, stringOf(path)].flatMap((part) => part.split('/')).filter((part) => part !== '');
    return [`${RequestMethod[method]} /${parts.join('/')}`];
  });
}

function stringOf(path: unknown): string {
  return typeof path === 'string' ? path : '';
}
