import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    testTimeout: 20_000,
    // Two cores are the smallest machine this must be comfortable on.
    maxWorkers: 2,
  },
});
