import type { ReactNode } from 'react';
import { LanguageSwap, ThemeSwap } from './appearance';
import { BrandName } from './brand';

/** The frame of a page for a visitor: the provider's name, one thing to do, and settings. */
export function Door({ brand, children }: { brand: string | undefined; children: ReactNode }) {
  return (
    <div className="door">
      <header className="brand">
        <BrandName name={brand} />
      </header>
      <main id="main">{children}</main>
      <footer>
        <LanguageSwap />
        <ThemeSwap />
      </footer>
    </div>
  );
}
