import './styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { activate, currentLocale } from './i18n';
import { reloadWhenOutdated } from './outdated';

reloadWhenOutdated();
await activate(currentLocale());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
