/** Numbers of instances in memory: a change takes a while, and can be told to fail. */
import type { WriteOutcome } from '../../../src/ports/model-platform.ts';
import type { Scaling } from '../../../src/ports/scaling.ts';

export class ScriptedScaling implements Scaling {
  readonly asked: { readonly deployment: string; readonly instanceCount: number }[] = [];
  /** Answers given before the change is made, first one first. */
  readonly script: (WriteOutcome | Error)[] = [];
  readonly #apply: (deployment: string, instanceCount: number) => void;

  constructor(apply: (deployment: string, instanceCount: number) => void) {
    this.#apply = apply;
  }

  async setInstanceCount(_endpoint: string, deployment: string, instanceCount: number): Promise<WriteOutcome> {
    this.asked.push({ deployment, instanceCount });
    const scripted = this.script.shift();
    if (scripted instanceof Error) throw scripted;
    if (scripted) return scripted;
    this.#apply(deployment, instanceCount);
    return { kind: 'accepted' };
  }
}
