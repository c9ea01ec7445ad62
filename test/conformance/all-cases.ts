/** Every public case, in the order of the table. */
import { basicCases } from './cases/basics.ts';
import { childAndTimeCases } from './cases/children-and-time.ts';
import { entityAndHttpCases } from './cases/entities-and-http.ts';
import { hostSuiteFlows } from './cases/host-suite-flows.ts';
import { hostSuiteManagement } from './cases/host-suite-management.ts';
import { retryCases } from './cases/retries.ts';
import { taskSetCases } from './cases/task-sets.ts';
import type { ConformanceCase } from './scenario.ts';

export const allCases: readonly ConformanceCase[] = [
  ...basicCases,
  ...retryCases,
  ...childAndTimeCases,
  ...taskSetCases,
  ...entityAndHttpCases,
  ...hostSuiteFlows,
  ...hostSuiteManagement,
];
