import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/**
 * The token of a link that came by mail, from `#token=` or `?token=`; null without one.
 * It is moved into the fragment, which never leaves the browser: not to the server's log
 * at a reload, and not to other sites.
 */
export function useLinkToken(): string | null {
  const { hash, searchStr } = useLocation();
  const navigate = useNavigate();
  const inSearch = new URLSearchParams(searchStr).get('token');
  const inHash = new URLSearchParams(hash).get('token');
  // What was read last stays: the page takes it out of the address when it has been used.
  const [kept, keep] = useState<string | null>(null);
  const token = inHash || inSearch || kept;
  useEffect(() => keep(token), [token]);
  useEffect(() => {
    if (inSearch) void navigate({ to: '.', search: {}, hash: `token=${inSearch}`, replace: true });
  }, [inSearch, navigate]);
  return token;
}
