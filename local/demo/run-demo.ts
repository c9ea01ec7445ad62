/** Runs the scenarios one after the other; each is reported, also when it breaks off. */
import { brokenLine, type ReportLine, reportLine } from './report.ts';
import { runScenario } from './scenarios/run-scenario.ts';
import type { DemoContext, Scenario } from './scenarios/scenario.ts';
import type { LiveView } from './view/live-view.ts';

export async function runDemo(
  scenarios: readonly Scenario[],
  context: DemoContext,
  view: Pick<LiveView, 'follow' | 'refresh'>,
): Promise<readonly ReportLine[]> {
  const lines: ReportLine[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    const title = `${index + 1} of ${scenarios.length}: ${scenario.name}`;
    context.say(`\u2014 ${title}`);
    view.follow(title, scenario.version);
    const line = await reportOf(scenario, context);
    lines.push(line);
    await view.refresh();
    context.say(`${line.passed ? 'passed' : 'FAILED'} after ${line.secondsToOutcome} s: ${line.observed}`);
  }
  return lines;
}

async function reportOf(scenario: Scenario, context: DemoContext): Promise<ReportLine> {
  try {
    const observed = await runScenario(scenario, context);
    context.say(`The client saw ${observed.clientFailures} failed requests meanwhile.`);
    return reportLine(scenario, observed);
  } catch (error) {
    return brokenLine(scenario, error);
  }
}
