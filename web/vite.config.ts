import { lingui } from '@lingui/vite-plugin';
import babel from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { boot } from './build/boot.ts';
import { compress } from './build/compress.ts';

// The server that `npm run dev` passes the API on to.
const server = process.env['KLANTENPANEEL_URL'] ?? 'http://localhost:8080';

// Two builds in one folder, because chunks that two entries share would come in crumbs:
// `vite build` makes the panel, and after it `vite build --mode playground` the playground.
export default defineConfig(({ mode }) => ({
  plugins: [
    boot({
      page: 'index.html',
      // What a first visit needs beyond the entry, so that it is fetched at once: the
      // language, and the screen behind the address.
      locales: { nl: 'src/locales/nl.po', en: 'src/locales/en.po' },
      screens: {
        '/': 'src/pages/overview.tsx',
        '/activate': 'src/pages/set-password.tsx',
        '/reset': 'src/pages/reset.tsx',
      },
    }),
    react(),
    babel({ plugins: ['@lingui/babel-plugin-lingui-macro'] }),
    lingui({ failOnMissing: true, failOnCompileError: true }),
    compress(),
  ],
  build: {
    target: 'es2023',
    emptyOutDir: mode !== 'playground',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark()
    assetsInlineLimit: 0, // a data: URL would need a wider policy
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000, // the editor of the playground, loaded by nobody else
    rolldownOptions: {
      input: mode === 'playground' ? 'playground.html' : 'index.html',
      onwarn: (warning, warn) => {
        // Notes of GraphiQL to a compiler that has run already.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/graphql': { target: server, ws: true } } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
  },
}));
