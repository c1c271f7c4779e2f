import { type ReactNode, useEffect, useRef } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../graphql/tada';
import { Door } from './door';

const BrandQuery = graphql(`
  query Brand {
    brand {
      id
      name
    }
  }
`);

/** A visitor's page that asks for the provider's name itself. Its heading gets the focus. */
export function BrandDoor({ title, children }: { title: string; children: ReactNode }) {
  const [{ data }] = useQuery({ query: BrandQuery });
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => page.current?.querySelector<HTMLElement>('h1')?.focus(), []);
  const brand = data?.brand?.name;
  return (
    <Door brand={brand}>
      <title>{brand ? `${title} · ${brand}` : title}</title>
      <div ref={page}>{children}</div>
    </Door>
  );
}
