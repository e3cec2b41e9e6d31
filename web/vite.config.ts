// One config: three faces, `--mode loader`, `--mode widget`, `--mode desk`, and of the vault's form what is not written by hand,
// `--mode form`.
// Every face must live under `script-src 'self'; style-src 'self'`: nothing is inlined, ever.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';
import { fluent, outlines } from './build.ts';
import { loaderConstants } from './loader/constants.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The visitor's chat and the agent's workspace: a page, hashed assets under /assets/. */
function page(face: 'widget' | 'desk'): UserConfig {
  return {
    root: here(`./${face}`),
    base: '/',
    plugins: [fluent(), outlines(), svelte({ configFile: here('./svelte.config.js') })],
    build: {
      outDir: here(`./dist/${face}`),
      emptyOutDir: true,
      target: 'es2022',
      assetsDir: 'assets',
      // A data: URI is an inline asset to a strict policy.
      assetsInlineLimit: 0,
      modulePreload: false,
      // The chat has one sheet of styles: it is small, and must not jump. What the workspace loads later brings its own.
      cssCodeSplit: face === 'desk',
      rolldownOptions: {
        // What a page begins with is one file: each file of it on its own would weigh more, and ask again.
        output: { hashCharacters: 'hex', codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
        // No face is a custom element; Svelte's base class for them looks like a side effect and would stay.
        treeshake: { moduleSideEffects: [{ test: /custom-element\.js$/, sideEffects: false }] },
      },
    },
  };
}

/** The script tag on a brand's page: one classic script under a name that never changes. */
function loader(): UserConfig {
  return {
    root: here('./loader'),
    define: loaderConstants((path) => readFileSync(here(path), 'utf8')),
    build: {
      outDir: here('./dist/loader'),
      emptyOutDir: true,
      target: 'es2020',
      rolldownOptions: {
        input: here('./loader/loader.ts'),
        output: { format: 'iife', entryFileNames: 'loader.js' },
      },
    },
  };
}

/** What seals a form in the visitor's browser: one module, which the vault serves under its hash. */
function form(): UserConfig {
  return {
    root: here('./form'),
    build: {
      outDir: here('./dist/form'),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: here('./form/seal.js'),
        // One file, which one hash allows.
        output: { format: 'es', entryFileNames: 'seal.js', codeSplitting: false },
      },
    },
  };
}

export default defineConfig(({ mode }) => {
  switch (mode) {
    case 'widget':
    case 'desk':
      return page(mode);
    case 'loader':
      return loader();
    case 'form':
      return form();
    // The type check reads the plugins' options only, and names no face.
    case 'development':
      return page('desk');
    default:
      throw new Error(`no face is called ${mode}: loader, widget, desk or form`);
  }
});
