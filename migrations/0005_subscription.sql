-- What a customer pays for again and again (state-machines §1-4).

create table subscription (
  id uuid primary key,
  account_id uuid not null references account,
  product_id uuid not null references product,
  label text not null,                                                  -- what the customer calls it, usually the domain name
  quantity int not null default 1 check (quantity > 0),
  term_months int not null check (term_months between 1 and 120),
  anchor_on date not null,                                              -- first start; every renewal is counted from here (rules §0)
  period_start_on date not null,
  period_end_on date not null check (period_end_on > period_start_on),  -- the renewal date R
  billed_until_on date not null,                                        -- end of the last period that is invoiced or otherwise covered
  price_cents bigint check (price_cents >= 0),                          -- agreed net price for one term and all of quantity; null: the catalog's
  status text not null check (status in ('PENDING', 'ACTIVE', 'CANCELLATION_REQUESTED', 'ENDING', 'SUSPENDED', 'ON_HOLD', 'ENDED', 'VOIDED')),
  indefinite boolean not null default false,                            -- consumer contract continued without a term
  ends_on date,
  end_reason text check (end_reason in ('CANCELLED', 'NOT_RENEWED', 'WITHDRAWN', 'TRANSFERRED', 'SWITCHED', 'NOT_PAID', 'IMMEDIATE', 'IMPORTED')),
  next_invoice_on date, next_invoice_net_cents bigint, next_invoice_vat_cents bigint, -- kept by Replan, from the functions of the billing run
  last_cancel_on date,                                                  -- last day on which notice still ends it at period_end_on
  offer_on date,                                                        -- consumer: when the renewal offer goes out
  created_at timestamptz not null,
  check (status not in ('ENDING', 'ENDED') or ends_on is not null));
create index on subscription (account_id, created_at, id);
create index on subscription (account_id, period_end_on, id) where status not in ('ENDED', 'VOIDED');
create index on subscription (next_invoice_on) where next_invoice_on is not null;
create index on subscription (period_end_on) where status not in ('ENDED', 'VOIDED');
select app.protect('subscription', 'service:read', 'subscription:manage');

create table cancellation (                                             -- state-machines §2
  id uuid primary key,
  account_id uuid not null references account,
  subscription_id uuid not null references subscription,
  mode text not null check (mode in ('END_OF_TERM', 'IMMEDIATE', 'SWITCH', 'WITHDRAWAL')),
  status text not null check (status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED', 'EXECUTED', 'WITHDRAWN', 'REJECTED')),
  reason_code text not null default '' check (reason_code in ('', 'TOO_EXPENSIVE', 'MOVING', 'STOPPING', 'DISSATISFIED', 'UNUSED', 'OTHER')),
  reason_text text not null default '',
  domain_choice text check (domain_choice in ('STOP', 'KEEP', 'TRANSFER')),
  received_at timestamptz not null,                                     -- the legal time of receipt (P-19)
  entered_at timestamptz not null,
  channel text not null default 'PANEL' check (channel in ('PANEL', 'EMAIL', 'PHONE', 'POST', 'CHAT', 'TICKET')),
  evidence text not null default '',
  effective_on date not null,
  rejection text check (rejection in ('NOT_AUTHORISED', 'DUPLICATE', 'NOT_OURS')),
  decided_at timestamptz);
create index on cancellation (account_id, received_at, id);
create index on cancellation (subscription_id, received_at);
create unique index cancellation_one_open on cancellation (subscription_id) where status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED');
create index on cancellation (received_at) where status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS');
select app.protect('cancellation', 'service:read', 'subscription:manage');

create table renewal_offer (                                            -- state-machines §3
  id uuid primary key,
  account_id uuid not null references account,
  subscription_id uuid not null references subscription,
  renews_on date not null,
  term_months int not null,
  net_cents bigint not null, vat_cents bigint not null,
  status text not null check (status in ('SCHEDULED', 'OPEN', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'SUPERSEDED')),
  sends_on date not null,
  opened_at timestamptz, answered_at timestamptz,
  created_at timestamptz not null);
create index on renewal_offer (account_id, renews_on, id);
create unique index renewal_offer_once on renewal_offer (subscription_id, renews_on) where status <> 'SUPERSEDED'; -- invariant 22
select app.protect('renewal_offer', 'service:read', 'subscription:manage');
