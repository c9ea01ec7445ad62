/** Entry of the deployed app: settings and policies, ports on Azure, the app over them, its registration. */
import { resolve } from 'node:path';
import { composeApp } from './compose.ts';
import { loadConfiguration } from './config/load-configuration.ts';
import { createPorts } from './create-ports.ts';
import { registerBus } from './register/bus.ts';
import { registerDurable } from './register/durable.ts';
import { registerEvents } from './register/events.ts';
import { registerHttp } from './register/http.ts';
import { registerTimers } from './register/timers.ts';

const configuration = loadConfiguration(process.env, resolve(import.meta.dirname, '..'));
const app = composeApp(createPorts(configuration.settings), configuration);

registerDurable(app);
registerEvents(app);
registerTimers(app, configuration.settings);
registerBus(app);
registerHttp(app);
