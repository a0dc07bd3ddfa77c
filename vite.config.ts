import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** These parts of d3 patch d3-selection when loaded; Svelte draws, we use none of them, so all may be shaken off. */
const withoutPatches: Plugin = {
  name: 'weir-d3-without-patches',
  transform: {
    filter: { id: /node_modules\/d3-(transition|brush|zoom)\// },
    handler: () => ({ moduleSideEffects: false }),
  },
};

/** The dashboard: a static bundle in `dist/web/`. Addresses stay relative, so that it works below any base path. */
export default defineConfig({
  root: 'dashboard/web',
  base: './',
  cacheDir: '../../node_modules/.vite',
  plugins: [svelte({ configFile: false }), withoutPatches],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Few files, few round trips: the front door is one, the job page another.
        codeSplitting: {
          groups: [
            {
              name: 'app',
              test: /node_modules[\\/](svelte|clsx|esm-env|d3)|dashboard[\\/]web[\\/](lib|parts|pages[\\/]fleet|charts[\\/]sparkline|i18n[\\/](en|message))|app\.css|App\.svelte/,
            },
            { name: 'job', test: /@dagrejs|dashboard[\\/]web[\\/](pages[\\/]job|charts)/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': process.env['WEIR_API'] ?? 'http://127.0.0.1:8080' },
  },
});
