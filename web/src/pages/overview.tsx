import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { CircleCheck } from 'lucide-react';
import { useQuery } from 'urql';
import { useFormats } from '../format';
import type { ResultOf } from '../graphql/tada';
import { Meter } from '../ui/meter';
import { Failed, Skeleton } from '../ui/states';
import { InvoiceBadge, SubscriptionBadge } from '../ui/status';
import { OverviewQuery } from './overview-query';

type Viewer = NonNullable<ResultOf<typeof OverviewQuery>['viewer']>;
type Account = NonNullable<Viewer['account']>;
type Nodes<C extends { nodes: readonly unknown[] }> = C['nodes'];

/** The first screen: what is to be paid, what comes next, what runs, and what it uses. */
export default function Overview() {
  const { t } = useLingui();
  const [{ data, error }, again] = useQuery({ query: OverviewQuery });
  const viewer = data?.viewer;
  const name = viewer?.name ?? '';
  if (error && !data) return <Failed onRetry={() => again({ requestPolicy: 'network-only' })} />;
  return (
    <div className="page">
      <title>{t`Overview`}</title>
      <div className="page-head">
        {viewer ? (
          <div>
            <h1 tabIndex={-1}>
              <Trans>Hello {name}</Trans>
            </h1>
            <p className="lead">
              <Trans>Your services and invoices in one place.</Trans>
            </p>
          </div>
        ) : (
          <Skeleton title rows={1} />
        )}
      </div>
      {!viewer && <Loading />}
      {viewer && !viewer.account && <NoAccount />}
      {viewer?.account && <Cards account={viewer.account} />}
    </div>
  );
}

function Cards({ account }: { account: Account }) {
  return (
    <div className="grid">
      <div className="column wide">
        <OpenInvoices invoices={account.invoices?.nodes} />
        <Subscriptions subscriptions={account.subscriptions?.nodes ?? []} total={account.subscriptions?.totalCount ?? 0} />
      </div>
      <div className="column">
        <Billing account={account} />
        <Usage packages={account.hostingPackages?.nodes ?? []} />
      </div>
    </div>
  );
}

/** Every open invoice, the oldest due date first; null for who may not see billing. */
function OpenInvoices({ invoices }: { invoices: Nodes<NonNullable<Account['invoices']>> | undefined }) {
  const f = useFormats();
  if (!invoices) return null;
  return (
    <section className="card flush" aria-labelledby="open-invoices">
      <h2 id="open-invoices">
        <Trans>Open invoices</Trans>
      </h2>
      {invoices.length === 0 ? (
        <p className="empty">
          <CircleCheck aria-hidden="true" /> <Trans>Everything is paid.</Trans>
        </p>
      ) : (
        <ul className="rows">
          {invoices.map(({ id, number, dueOn, status, openAmount }) => {
            const due = f.date(dueOn);
            return (
              <li key={id}>
                <span>
                  <b>{number}</b>
                  <small>
                    <Trans>to be paid by {due}</Trans>
                  </small>
                </span>
                <span className="invoice-end">
                  <InvoiceBadge status={status} />
                  <span className="num amount">{f.money(openAmount)}</span>
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Subscriptions(props: { subscriptions: Nodes<NonNullable<Account['subscriptions']>>; total: number }) {
  const f = useFormats();
  const more = props.total - props.subscriptions.length;
  return (
    <section className="card flush" aria-labelledby="subscriptions">
      <h2 id="subscriptions">
        <Trans>Subscriptions</Trans>
      </h2>
      {props.subscriptions.length === 0 ? (
        <p className="empty">
          <Trans>Nothing runs at the moment.</Trans>
        </p>
      ) : (
        <ul className="rows">
          {props.subscriptions.map(({ id, label, status, renewsOn, endsOn, product }) => {
            const renews = f.date(renewsOn);
            const ends = endsOn ? f.date(endsOn) : '';
            return (
              <li key={id}>
                <span>
                  <b>{label || product.name}</b>
                  <small>
                    {label && label !== product.name && `${product.name} · `}
                    {ends ? <Trans>ends on {ends}</Trans> : <Trans>runs until {renews}</Trans>}
                  </small>
                </span>
                <SubscriptionBadge status={status} />
              </li>
            );
          })}
        </ul>
      )}
      {more > 0 && (
        <p className="empty">
          <Plural value={more} one="and # more" other="and # more" />
        </p>
      )}
    </section>
  );
}

/** What is open now, and the next invoice; nothing for who may not see billing. */
function Billing({ account: { summary, nextInvoice } }: { account: Account }) {
  const f = useFormats();
  if (!summary.openAmount) return null;
  return (
    <section className="card" aria-labelledby="billing">
      <h2 id="billing">
        <Trans>Billing</Trans>
      </h2>
      <dl className="facts">
        <div>
          <dt>
            <Trans>To pay now</Trans>
          </dt>
          <dd className="num figure">{f.money(summary.openAmount)}</dd>
        </div>
        <div>
          <dt>
            <Trans>Next invoice</Trans>
          </dt>
          {nextInvoice ? (
            <dd>
              <b>{f.date(nextInvoice.on)}</b>
              <br />
              <span className="muted num">{f.money(nextInvoice.price.includingVat)}</span>
            </dd>
          ) : (
            <dd>
              <Trans>None is planned.</Trans>
            </dd>
          )}
        </div>
      </dl>
    </section>
  );
}

function Usage({ packages }: { packages: Nodes<NonNullable<Account['hostingPackages']>> }) {
  const { t } = useLingui();
  if (packages.length === 0) return null;
  return (
    <section className="card" aria-labelledby="usage">
      <h2 id="usage">
        <Trans>Usage</Trans>
      </h2>
      <ul className="packages">
        {packages.map(({ id, name, usage, limits }) => (
          <li key={id}>
            <h3>{name}</h3>
            {usage ? (
              <>
                <Meter label={t`Storage`} used={usage.diskBytes} limit={limits.diskBytes} />
                <Meter label={t`Traffic this month`} used={usage.trafficBytes} limit={limits.trafficBytes} />
              </>
            ) : (
              <p className="muted">
                <Trans>Not measured yet.</Trans>
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Staff and programs act in no account. */
function NoAccount() {
  return (
    <section className="card">
      <h2>
        <Trans>You are signed in as staff</Trans>
      </h2>
      <p className="muted">
        <Trans>The playground has operations for looking up customers, invoices and tickets.</Trans>
      </p>
      <p>
        <a className="btn primary" href="/playground">
          <Trans>To the playground</Trans>
        </a>
      </p>
    </section>
  );
}

function Loading() {
  return (
    <div className="grid" aria-busy="true">
      <span className="visually-hidden" role="status">
        <Trans>Loading…</Trans>
      </span>
      <div className="column wide">
        <section className="card">
          <Skeleton rows={3} />
        </section>
        <section className="card">
          <Skeleton rows={6} />
        </section>
      </div>
      <div className="column">
        <section className="card">
          <Skeleton rows={3} />
        </section>
      </div>
    </div>
  );
}
