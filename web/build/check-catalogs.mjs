// Fails when the catalogs do not hold exactly the texts of the sources, or when a text has
// no translation. It leaves the catalogs as they were: `npm run i18n` is what writes them.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const catalogs = ['src/locales/en.po', 'src/locales/nl.po'];
const read = () => catalogs.map((file) => readFileSync(file, 'utf8'));

const before = read();
execFileSync('npx', ['--no-install', 'lingui', 'extract', '--clean', '--workers', '1'], { stdio: 'pipe' });
const after = read();
catalogs.forEach((file, i) => writeFileSync(file, before[i]));

const stale = catalogs.filter((_, i) => stripDate(before[i]) !== stripDate(after[i]));
const untranslated = catalogs.filter((_, i) => /^msgstr ""\n(?!")/m.test(after[i]));
for (const file of stale) console.error(`${file} does not match the sources: run npm run i18n`);
for (const file of untranslated) console.error(`${file} has texts without a translation`);
if (stale.length || untranslated.length) process.exit(1);

function stripDate(catalog) {
  return catalog.replace(/^"POT-Creation-Date:.*$/m, '');
}
