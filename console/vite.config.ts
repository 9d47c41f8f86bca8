// The build: one page, views loaded when they are opened, everything compressed beside itself for the gateway to serve.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const folder of ['dist', 'dist/assets']) {
        for (const name of readdirSync(join(here, folder)).filter((file) => /\.(js|css|html|svg)$/.test(file))) {
          const file = join(here, folder, name);
          writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
        }
      }
    },
  };
}

export default defineConfig({
  base: './', // works under any prefix
  plugins: [compressed()],
  resolve: { alias: { '@traction/client': join(here, '../clients/typescript/src/index.ts') } },
  esbuild: { jsx: 'automatic', legalComments: 'none' },
  build: {
    target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false,
    rollupOptions: {
      onwarn(warning, show) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') show(warning); // "use client" means nothing here
      },
    },
  },
  server: { proxy: { '^/(?!console|src|node_modules|@)': 'http://127.0.0.1:8002' } },
});
