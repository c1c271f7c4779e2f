import './styles/index.css';
import './workers';
import { I18nProvider } from '@lingui/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { activate, currentLocale, i18n } from '../i18n';
import { reloadWhenOutdated } from '../outdated';
import { SessionProvider } from '../session/session';
import { Playground } from './playground';

reloadWhenOutdated();
await activate(currentLocale());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <SessionProvider>
        <Playground />
      </SessionProvider>
    </I18nProvider>
  </StrictMode>,
);
