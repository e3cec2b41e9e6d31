// Type annotations in components are erasable ones, which Svelte strips itself: no preprocessor.
export default {
  compilerOptions: { runes: true },
};
