import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(css|html|js|json|svg|ttf|txt)$/;

/** Puts a brotli and a gzip form beside each file of a build that gets smaller by it. */
export function compress(): Plugin {
  let publicDir = '';
  return {
    name: 'compress',
    apply: 'build',
    configResolved: (config) => void (publicDir = config.publicDir),
    writeBundle({ dir = 'dist' }, bundle) {
      for (const name of [...Object.keys(bundle), ...readdirSync(publicDir)]) {
        if (!compressible.test(name)) continue;
        const path = join(dir, name);
        const plain = readFileSync(path);
        const forms = { '.br': brotliCompressSync(plain), '.gz': gzipSync(plain, { level: 9 }) };
        for (const [suffix, form] of Object.entries(forms)) {
          if (form.length < plain.length) writeFileSync(path + suffix, form);
        }
      }
    },
  };
}
