import { SERVICES } from '@tickbridge/contracts';
import type { ServiceDefinition } from '@tickbridge/service-bootstrap';
import { callerOf } from './access/caller';
import { DashboardAccess } from './authentication/dashboard.access';
import { readConfig, type DashboardConfig } from './config/app.config';
import { auditRequests } from './audit/audit.requests';
import { AuditLog } from './audit/audit.log';
import { DashboardModule } from './dashboard.module';
import { addWebRoutes, leadPagesTo } from './web/web.routes';

/** This service, ready to run. */
export const dashboard: ServiceDefinition<DashboardConfig> = {
  name: 'dashboard',
  ...SERVICES.dashboard,
  readConfig,
  module: (config) => DashboardModule.forConfig(config),
  access: (app) => {
    const access = app.get(DashboardAccess);
    return (request) => access.check(request);
  },
  prepare: async (app, config) => {
    const server = app.getHttpAdapter().getInstance();
    const access = app.get(DashboardAccess);
    server.addHook('preValidation', async (request) => access.checkConfirmation(request, callerOf(request)));
    auditRequests(server, app.get(AuditLog));
    if (config.webUrl === undefined) addWebRoutes(server, config.webDirectory);
    else leadPagesTo(server, config.webUrl);
  },
};
