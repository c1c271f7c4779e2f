import { I18nProvider } from '@lingui/react';
import { type RouterHistory, RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { i18n } from './i18n';
import { createRouter } from './router';
import { SessionProvider, useSession } from './session/session';

/** The panel; tests give a history of their own. */
export function App({ history }: { history?: RouterHistory }) {
  return (
    <I18nProvider i18n={i18n}>
      <SessionProvider>
        <Screens history={history} />
      </SessionProvider>
    </I18nProvider>
  );
}

function Screens({ history }: { history: RouterHistory | undefined }) {
  const { client } = useSession();
  const [router] = useState(() => createRouter(client, history));
  useEffect(() => {
    if (router.options.context.client === client) return;
    router.update({ ...router.options, context: { client } });
    void router.invalidate();
  }, [router, client]);
  return <RouterProvider router={router} context={{ client }} />;
}
