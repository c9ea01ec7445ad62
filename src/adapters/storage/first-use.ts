/** Runs a set-up once, on first use; a failure is forgotten, so that the next use tries again. */
export function onFirstUse(setUp: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> | null = null;
  return async () => {
    running ??= setUp();
    try {
      await running;
    } catch (error) {
      running = null;
      throw error;
    }
  };
}
