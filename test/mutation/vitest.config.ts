/** The tests that a mutation run asks: those of src/. The emulators' tests cost minutes and judge other code. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'mutation',
    include: ['test/src/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
