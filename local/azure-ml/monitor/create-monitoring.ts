/**
 * Composes schedules and monitors, with control routes for tests and the demo:
 *
 *   POST /_control/schedules/<name>/run   fires it now, as "Run" in the studio; answers with the run when it has ended
 *   GET  /_control/schedules/<name>/runs  its runs with all metrics, oldest first
 */
import { rmSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ArmRoute } from '../arm/protocol/arm-call.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { InputContext } from './data/read-input.ts';
import type { MonitorRun } from './run/monitor-run.ts';
import { recordAsJobs } from './run/run-recorder.ts';
import { type ScheduleContext, scheduleRoutes } from './schedule/schedule-routes.ts';
import { type Schedule, ScheduleStore } from './schedule/schedule-store.ts';
import { Scheduler } from './schedule/scheduler.ts';

export interface MonitoringParts extends InputContext, Omit<ScheduleContext, 'schedules' | 'scheduler'> {
  /** Runs become jobs there. */
  readonly jobs: JobService;
}

export interface Monitoring {
  readonly routes: readonly ArmRoute[];
  /** Fires a schedule now; undefined when there is none of that name. */
  runNow(scheduleName: string): Promise<MonitorRun> | undefined;
  runsOf(scheduleName: string): readonly MonitorRun[];
  install(app: FastifyInstance): void;
  stop(): Promise<void>;
}

export function createMonitoring(parts: MonitoringParts): Monitoring {
  // What a killed emulator left.
  rmSync(parts.workFolder, { recursive: true, force: true });
  const schedules = new ScheduleStore();
  const recorder = recordAsJobs(parts.jobs, () => parts.clock.nowMs());
  const scheduler = new Scheduler({ clock: parts.clock, input: parts, recorder });
  const active = (name: string): Schedule | undefined => {
    const schedule = schedules.find(name);
    return schedule?.isActive ? schedule : undefined;
  };
  const runNow = (name: string) => {
    const schedule = active(name);
    return schedule && scheduler.fire(schedule);
  };
  const runsOf = (name: string) => {
    const schedule = active(name);
    return schedule ? scheduler.runsOf(schedule) : [];
  };
  return {
    routes: scheduleRoutes({ ...parts, schedules, scheduler }),
    runNow,
    runsOf,
    install(app) {
      const path = '/_control/schedules/:name';
      app.post<{ Params: { name: string } }>(`${path}/run`, async ({ params }, reply) => {
        const run = await runNow(params.name);
        return run ?? noSchedule(reply, params.name);
      });
      app.get<{ Params: { name: string } }>(`${path}/runs`, async ({ params }, reply) => {
        return active(params.name) ? runsOf(params.name) : noSchedule(reply, params.name);
      });
    },
    stop: () => scheduler.stop(),
  };
}

function noSchedule(reply: FastifyReply, name: string): FastifyReply {
  return reply.code(404).send({ error: `There is no schedule '${name}'.` });
}
