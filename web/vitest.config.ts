// Unit tests of the faces: no browser, no server. What needs those stands in tests/browser.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { fluent, outlines } from './build.ts';
import { loaderConstants } from './loader/constants.ts';

export default defineConfig({
  plugins: [fluent(), outlines(), svelte()],
  define: loaderConstants((path) => readFileSync(new URL(path, import.meta.url), 'utf8')),
  resolve: { conditions: ['browser'] },
  test: { include: ['**/*.test.ts'], exclude: ['node_modules/**', 'dist/**'] },
});
