import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { BookOpenText } from 'lucide-react';
import { createContext, useContext, useState } from 'react';
import { type AudienceName, audiences, type Example, examples, firstQuery, operationKind } from './examples';

/** For whom the examples are that are shown first. */
export const Audience = createContext<AudienceName>('customer');

/** The list of examples as a pane of GraphiQL. Its title names it among the panes. */
export function examplesPlugin(title: string) {
  return { title, icon: () => <BookOpenText aria-hidden="true" />, content: Examples };
}

function Examples() {
  const { t } = useLingui();
  const signedInAs = useContext(Audience);
  const [chosen, setChosen] = useState<AudienceName | null>(null);
  const audience = chosen ?? signedInAs;
  return (
    <div className="examples">
      <h2>
        <Trans>Examples</Trans>
      </h2>
      <div className="swap" role="group" aria-label={t`Examples for`}>
        {audiences.map(({ name, label }) => (
          <button key={name} type="button" aria-pressed={name === audience} onClick={() => setChosen(name)}>
            {t(label)}
          </button>
        ))}
      </div>
      <ul>
        {examples
          .filter((example) => example.audience === audience)
          .map((example) => (
            <li key={example.title.id}>
              <OpenExample example={example} />
            </li>
          ))}
      </ul>
    </div>
  );
}

function OpenExample({ example }: { example: Example }) {
  const { t } = useLingui();
  const open = useOpen();
  const kind = operationKind(example);
  return (
    <button type="button" onClick={() => open(example)}>
      <b>{t(example.title)}</b>
      <span>{t(example.about)}</span>
      {kind !== 'query' && (
        <small>{kind === 'mutation' ? <Trans>changes data</Trans> : <Trans>live</Trans>}</small>
      )}
    </button>
  );
}

/** Opens an example in a tab of its own, or in the present one while nothing was done in it. */
function useOpen() {
  const { addTab, setOperationName } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  return ({ query, variables }: Example) => {
    const present = queryEditor?.getValue().trim() ?? '';
    if (present && present !== firstQuery.trim()) addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables ? JSON.stringify(variables(new Date()), null, 2) : '');
    setOperationName(/^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1] ?? '');
    queryEditor?.focus();
  };
}
