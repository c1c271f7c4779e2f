import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useLingui } from '@lingui/react/macro';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useMemo, useRef } from 'react';
import { useQuery } from 'urql';
import { ShellFields, ShellQuery } from '../graphql/shell';
import { readFragment } from '../graphql/tada';
import { useSession } from '../session/session';
import { useTheme } from '../theme';
import { EditorTheme } from './editor-theme';
import { audienceOf, firstQuery } from './examples';
import { Audience, examplesPlugin } from './examples-pane';
import { makeFetcher } from './fetcher';
import { SessionBar } from './session-bar';

/** GraphiQL with our session, our examples and our looks. */
export function Playground() {
  const { t, i18n } = useLingui();
  const theme = useTheme();
  const { client } = useSession();
  const [{ data }] = useQuery({ query: ShellQuery });
  const shell = readFragment(ShellFields, data);
  const fetcher = useMemo(makeFetcher, []);
  const plugin = useMemo(() => examplesPlugin(t`Examples`), [i18n.locale]);
  const plugins = useMemo(() => [plugin, HISTORY_PLUGIN], [plugin]);
  return (
    <Audience value={audienceOf(shell?.viewer?.kind)}>
      <SessionBar brand={shell?.brand?.name} viewer={shell?.viewer} known={shell !== undefined} />
      <main className="graphiql-frame">
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          visiblePlugin={plugin}
          forcedTheme={theme}
          defaultQuery={firstQuery}
          defaultEditorToolsVisibility="variables"
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo> </GraphiQL.Logo>
          <StartAgain by={client} />
          <EditorTheme />
        </GraphiQL>
      </main>
    </Audience>
  );
}

/**
 * When somebody signed in or out: clears the answer, which is not for the next to see, and
 * reads the schema again, because not everyone may read it.
 */
function StartAgain({ by }: { by: unknown }) {
  const { introspect } = useGraphiQLActions();
  const responseEditor = useGraphiQL((state) => state.responseEditor);
  const last = useRef(by);
  useEffect(() => {
    if (last.current === by) return;
    last.current = by;
    responseEditor?.setValue('');
    void introspect();
  }, [by, introspect, responseEditor]);
  return null;
}
