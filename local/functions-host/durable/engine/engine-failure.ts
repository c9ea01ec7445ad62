/** Failures that end an instance at once, whatever tasks are still open. */

/** `message` becomes the instance's output, as plain text. */
export class EngineFailure extends Error {
  override readonly name: string = 'EngineFailure';
}

/** History and code disagree about what was scheduled under one id. */
export class NonDeterminism extends EngineFailure {
  override readonly name = 'NonDeterminism';

  constructor(scheduled: string, found: string) {
    super(
      `Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ${scheduled}, ` +
        `but this replay ${found}. The orchestrator's code changed while the instance ran, or the code is not deterministic.`,
    );
  }
}
