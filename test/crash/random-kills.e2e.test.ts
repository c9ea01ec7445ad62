/** Ten real kills of the host at seeded random moments; `npm run test:crash` does two hundred. */
import { expect, test } from 'vitest';
import { runCampaign } from './campaign.ts';

test('a host killed ten times goes on each time and every orchestration ends as in the undisturbed run', async () => {
  const lines: string[] = [];
  const { kills, differences, undisturbed } = await runCampaign({
    kills: 10,
    seed: 2026,
    report: (line) => lines.push(line),
  });
  expect(Object.values(undisturbed.end.stories)).toEqual(
    [0, 1, 2, 3, 4].map((index) => ({
      runtimeStatus: 'Completed',
      customStatus: { waitingFor: 2 },
      output: {
        kids: [index * 20, index * 20 + 2],
        fan: [2, 4, 6, 8, 10],
        total: 22,
        reason: "Activity function 'refuse' failed:  never",
        by: ['approver 1', 'approver 2'],
      },
    })),
  );
  expect(undisturbed.end.strayMessages).toEqual([]);
  expect({ kills, differences }).toEqual({ kills: 10, differences: [] });
});
