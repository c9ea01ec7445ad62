/** The check of the workspace: what is wrong, what to do, and that people are told once a day. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createCheckWorkspace } from '../../../../src/functions/timers/check-workspace.ts';
import type { WorkspaceView } from '../../../../src/ports/workspace.ts';
import { NOW } from '../../domain/a-policy.ts';
import { RecordingPublisher } from '../../fakes/recording-publisher.ts';

let publisher: RecordingPublisher;
let nowMs: number;
beforeEach(() => {
  publisher = new RecordingPublisher();
  nowMs = Date.parse(NOW);
});

function check(read: () => Promise<WorkspaceView | null>) {
  return createCheckWorkspace({ workspace: { read }, publisher, clock: { nowMs: () => nowMs } }, 'mlw-models')();
}

describe('checking the workspace', () => {
  it('of the v2 API says nothing', async () => {
    expect(await check(async () => ({ trackingUri: 'azureml://x', isV1Legacy: false }))).toBeNull();
    expect(publisher.published).toEqual([]);
  });

  it.each([
    ['in v1 legacy mode', async () => ({ trackingUri: null, isV1Legacy: true }), 'v1-legacy', '--v1-legacy-mode false'],
    ['that is not there', async () => null, 'absent', 'SLIPWAY_WORKSPACE'],
    ['that cannot be read', () => Promise.reject(new Error('HTTP 403')), 'unreadable', 'AzureML Data Scientist'],
  ])('%s says so with the remedy', async (_what, read, code, remedy) => {
    expect(await check(read)).toContain(remedy);
    expect(publisher.published).toMatchObject([
      { type: 'Slipway.Workspace.OperatorNeeded', id: `workspace.mlw-models.${code}.2026-03-01`, data: { code } },
    ]);
  });

  it('tells people under one id a day', async () => {
    for (const hours of [0, 1, 24]) {
      nowMs = Date.parse(NOW) + hours * 3_600_000;
      await check(async () => null);
    }
    expect(new Set(publisher.published.map(({ id }) => id)).size).toBe(2);
  });
});
