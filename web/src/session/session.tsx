import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { type Client, Provider } from 'urql';
import { makeClient } from '../graphql/client';
import { graphql } from '../graphql/tada';
import { noteSignedIn } from './hint';

const Logout = graphql(`
  mutation Logout {
    logout {
      query {
        viewer {
          id
        }
      }
    }
  }
`);

type Session = {
  client: Client;
  /** Begins anew with an empty cache, after somebody signed in or out. */
  renew: (signedIn: boolean) => void;
  /** Signs out. Rejects when the server could not be told, and then nothing has changed. */
  signOut: () => Promise<void>;
};

const Context = createContext<Session | null>(null);

/** Provides everything below with the client of the present session. */
export function SessionProvider({
  make = makeClient,
  children,
}: {
  make?: () => Client;
  children: ReactNode;
}) {
  const [client, setClient] = useState(make);
  const renew = useCallback(
    (signedIn: boolean) => {
      noteSignedIn(signedIn);
      setClient(make());
    },
    [make],
  );
  const signOut = useCallback(async () => {
    const { error } = await client.mutation(Logout, {}).toPromise();
    if (error) throw error;
    renew(false);
  }, [client, renew]);
  const session = useMemo(() => ({ client, renew, signOut }), [client, renew, signOut]);
  return (
    <Context value={session}>
      <Provider value={client}>{children}</Provider>
    </Context>
  );
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession needs a SessionProvider');
  return session;
}
