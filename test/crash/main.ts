/** `npm run test:crash -- [--kills <n>] [--seed <n>]`: kills the host at random moments; exit code 1 on any difference. */
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const startedAtMs = Date.now();
const campaign = await runCampaign({
  kills: Number(values.kills),
  seed: Number(values.seed),
  report: (line) => process.stdout.write(`${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(7)} s  ${line}\n`),
});
for (const difference of campaign.differences) process.stdout.write(`${difference}\n`);
process.stdout.write(
  `${campaign.kills} kills (seed ${values.seed}) in ${campaign.runs} runs of ` +
    `${Object.keys(campaign.undisturbed.end.stories).length} orchestrations: ` +
    `${campaign.differences.length} differences from the undisturbed run, ` +
    `${campaign.repeatedActivities} activities ran once more than needed.\n`,
);
process.exitCode = campaign.differences.length === 0 ? 0 : 1;
