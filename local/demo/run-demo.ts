/** Runs the scenarios one after the other; each is reported, also when it breaks off. */
import { brokenLine, type ReportLine, reportLine, retrainingLine } from './report.ts';
import type { RetrainingScenario } from './retraining/all-retrainings.ts';
import { runScenario } from './scenarios/run-scenario.ts';
import type { DemoContext, Scenario } from './scenarios/scenario.ts';
import type { LiveView } from './view/live-view.ts';

export type DemoScenario = Scenario | RetrainingScenario;

export async function runDemo(
  scenarios: readonly DemoScenario[],
  context: DemoContext,
  view: Pick<LiveView, 'follow' | 'refresh'>,
): Promise<readonly ReportLine[]> {
  const lines: ReportLine[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    const title = `${index + 1} of ${scenarios.length}: ${scenario.name}`;
    context.say(`\u2014 ${title}`);
    if ('version' in scenario) view.follow(title, scenario.version);
    const line =
      'version' in scenario ? await rolloutLine(scenario, context) : await retrainingLineOf(scenario, context);
    lines.push(line);
    await view.refresh();
    context.say(`${line.passed ? 'passed' : 'FAILED'} after ${line.secondsToOutcome} s: ${line.observed}`);
  }
  return lines;
}

async function rolloutLine(scenario: Scenario, context: DemoContext): Promise<ReportLine> {
  try {
    const observed = await runScenario(scenario, context);
    context.say(`The client saw ${observed.clientFailures} failed requests meanwhile.`);
    return reportLine(scenario, observed);
  } catch (error) {
    return brokenLine(scenario, error);
  }
}

async function retrainingLineOf(scenario: RetrainingScenario, context: DemoContext): Promise<ReportLine> {
  const startedAtMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedAtMs) / 100) / 10;
  try {
    const observed = await scenario.run(context);
    return retrainingLine(scenario, observed, seconds());
  } catch (error) {
    return retrainingLine(scenario, `broke off: ${error instanceof Error ? error.message : String(error)}`, seconds());
  }
}
