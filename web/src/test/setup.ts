import { afterEach, beforeEach } from 'vitest';
import { cleanup } from '@testing-library/react';
import { i18n } from '@lingui/core';

// Components are tested in the language of the sources; the catalogs have a check of their own.
beforeEach(() => {
  localStorage.clear();
  i18n.loadAndActivate({ locale: 'en', messages: {} });
});
afterEach(cleanup);
