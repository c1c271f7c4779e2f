import { readFileSync } from 'node:fs';
import type { Plugin, Rolldown } from 'vite';

type Options = {
  /** The page whose style goes into its HTML and whose first screen is preloaded. */
  page: string;
  /** Catalog per language. */
  locales: Record<string, string>;
  /** Module of the screen per first segment of an address. */
  screens: Record<string, string>;
};

const script = readFileSync(new URL('boot.js', import.meta.url), 'utf8');

/**
 * Prepares every page for its first paint: theme and language are set before anything is
 * drawn, and for one page the style stands in the HTML and the chunks of language and
 * screen are asked for with the HTML, which saves two round trips. The server allows the
 * inline parts by their hashes.
 */
export function boot(options: Options): Plugin {
  return {
    name: 'boot',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, chunk, filename }) {
        const preloads = bundle && chunk && filename.endsWith('/' + options.page);
        if (preloads) html = inlineStyle(html, bundle);
        const map = preloads ? preloadMap(options, bundle, chunk) : {};
        const children = script
          .replace('__PRELOADS__', JSON.stringify(map))
          .replace(/\s*\n\s*/g, ' ')
          .trim();
        return { html, tags: [{ tag: 'script', children, injectTo: 'head-prepend' }] };
      },
    },
  };
}

/** Replaces every link to a stylesheet by its content; its URLs start at the root already. */
function inlineStyle(html: string, bundle: Rolldown.OutputBundle): string {
  return html.replace(/<link rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/g, (link, name: string) => {
    const css = bundle[name];
    return css?.type === 'asset' ? `<style>${String(css.source).trim()}</style>` : link;
  });
}

/** The chunks to preload per language and per first segment, without those of the entry. */
function preloadMap(options: Options, bundle: Rolldown.OutputBundle, entry: Rolldown.OutputChunk) {
  const known = new Set(closure(entry, bundle));
  const chunksOf = (module: string) => {
    const chunk = Object.values(bundle).find(
      (c) => c.type === 'chunk' && c.moduleIds.some((id) => id.split('?')[0]?.endsWith('/' + module)),
    );
    if (chunk?.type !== 'chunk') throw new Error(`boot: ${module} is in no chunk`);
    return closure(chunk, bundle).filter((name) => !known.has(name));
  };
  const each = (modules: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(modules).map(([key, module]) => [key, chunksOf(module).map((n) => '/' + n)]),
    );
  return { ...each(options.locales), ...each(options.screens) };
}

/** A chunk and all that it imports at once. */
function closure(
  chunk: Rolldown.OutputChunk,
  bundle: Rolldown.OutputBundle,
  seen = new Set<string>(),
): string[] {
  if (seen.has(chunk.fileName)) return [];
  seen.add(chunk.fileName);
  for (const name of chunk.imports) {
    const next = bundle[name];
    if (next?.type === 'chunk') closure(next, bundle, seen);
  }
  return [...seen];
}
