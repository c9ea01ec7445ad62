import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentNameOf, type ModelName, type ModelVersion, rolloutIdOf } from '../../../../src/domain/ids/names.ts';

describe('deploymentNameOf', () => {
  it('is a slug of the model and eight hex digits', () => {
    expect(deploymentNameOf('Air_Time' as ModelName, '2' as ModelVersion)).toMatch(/^air-time-[0-9a-f]{8}$/);
  });

  it('keeps the rule of Azure ML for any model and version', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (model, version) => {
        const name = deploymentNameOf(model as ModelName, version as ModelVersion);
        expect(name).toMatch(/^[a-z][a-z0-9-]{1,30}[a-z0-9]$/);
        expect(name).not.toContain('--');
      }),
    );
  });

  it('differs between versions of one model', () => {
    const names = Array.from({ length: 500 }, (_, version) =>
      deploymentNameOf('m' as ModelName, String(version) as ModelVersion),
    );
    expect(new Set(names).size).toBe(500);
  });
});

describe('rolloutIdOf', () => {
  const key = { endpoint: 'ep', model: 'm', version: '3', attempt: 2 } as unknown as Parameters<typeof rolloutIdOf>[0];

  it('reads as its parts', () => {
    expect(rolloutIdOf(key)).toBe('rollout.ep.m.3.2');
  });

  it('stays a legal instance id however long or odd the parts are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (model, version) => {
        const id = rolloutIdOf({ ...key, model: model as ModelName, version: version as ModelVersion });
        expect(id.length).toBeLessThanOrEqual(256);
        expect(id).toMatch(/^[A-Za-z0-9._-]+$/);
      }),
    );
  });
});
