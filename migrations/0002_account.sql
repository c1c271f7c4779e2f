-- Who the customers are: brands, accounts, contacts, billing preferences, proof for VAT.

create extension if not exists btree_gist;
create extension if not exists pg_trgm;

-- app.protect closes a table and opens it again for those who may see it: one policy per role, because a policy with OR
-- cannot use the index. It is forced on the owner too. The account's id must be the first thing that an index can use.
create function app.protect(tbl regclass, may_read text, may_write text, account_column name default 'account_id') returns void
language plpgsql as $$
declare
  a text := quote_ident(account_column);
  -- A partner's list of accounts as an array would be gone through for every row that an index is asked for: seven times
  -- slower with 500 customers, and growing with their number. A query brings the account's index by its own condition.
  reached text := case when tbl = to_regclass('account') then '(id = (select app.account_id()) or partner_id = (select app.account_id()))'
    else format('exists (select from app.reach r where r.id = %s.%s)', tbl, a) end;
begin
  execute format('alter table %s enable row level security', tbl);
  execute format('alter table %s force row level security', tbl);
  execute format('create policy customer on %s to panel_customer using (%s = (select app.account_id()) and (select app.can(%L))) with check (%s = (select app.account_id()) and (select app.can(%L)))',
    tbl, a, may_read, a, may_write);
  execute format('create policy partner on %s to panel_partner using (%s and (select app.can(%L))) with check (%s and (select app.can(%L)))',
    tbl, reached, may_read, reached, may_write);
  execute format('create policy staff on %s to panel_staff using (true) with check ((select app.can(%L)))', tbl, may_write);
  execute format('create policy system on %s to panel_system using (true) with check (true)', tbl);
  execute format('grant select on %s to panel_customer, panel_partner', tbl);
  execute format('grant select, insert, update on %s to panel_staff', tbl);
  execute format('grant select, insert, update, delete on %s to panel_system', tbl);
end $$;

-- app.staff_only closes a table to everyone but staff and jobs: what no customer may see lives in tables of its own,
-- since row-level security hides rows, not columns.
create function app.staff_only(tbl regclass, may_write text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', tbl);
  execute format('alter table %s force row level security', tbl);
  execute format('create policy staff on %s to panel_staff using ((select app.can(''desk:read''))) with check ((select app.can(%L)))', tbl, may_write);
  execute format('create policy system on %s to panel_system using (true) with check (true)', tbl);
  execute format('grant select, insert, update on %s to panel_staff', tbl);
  execute format('grant select, insert, update, delete on %s to panel_system', tbl);
end $$;

create table brand (
  id uuid primary key,
  code text not null unique check (code ~ '^[A-Z][A-Z0-9]{1,19}$'),
  profile text not null check (profile in ('PING', 'MHP')),           -- rules §0: notice and finality of invoices
  name text not null,
  legal_name text not null,
  line1 text not null, postcode text not null, city text not null, country char(2) not null,
  kvk_number text not null, vat_id text not null,
  iban text not null, bic text not null,
  email text not null, phone text not null, url text not null,
  hue int not null default 255 check (hue between 0 and 359),
  payment_term_days int not null default 14 check (payment_term_days between 1 and 30),
  oss_registered boolean not null default true,
  created_at timestamptz not null);
grant select on brand to panel_visitor, panel_customer, panel_partner, panel_staff, panel_machine, panel_auth;
grant select, insert, update on brand to panel_system;

create sequence account_number_seq start 10001;
create table account (
  id uuid primary key,
  number text not null unique,
  brand_id uuid not null references brand,
  kind text not null check (kind in ('CONSUMER', 'BUSINESS')),
  treated_as_consumer boolean not null default false check (not treated_as_consumer or kind = 'BUSINESS'),
  is_partner boolean not null default false,
  partner_id uuid references account check (partner_id <> id),
  status text not null default 'ACTIVE' check (status in ('ACTIVE', 'CLOSED', 'ERASED')),
  company_name text not null default '',
  first_name text not null default '',
  last_name text not null default '',
  name text not null generated always as (coalesce(nullif(company_name, ''), nullif(trim(first_name || ' ' || last_name), ''), number)) stored,
  email text not null default '',
  phone text not null default '',
  line1 text not null default '', line2 text not null default '', postcode text not null default '', city text not null default '', region text not null default '',
  country char(2) not null default 'NL' check (country ~ '^[A-Z]{2}$'),
  kvk_number text not null default '', vat_id text not null default '',
  language text not null default 'nl' check (language in ('nl', 'en')),
  payment_term_days int check (payment_term_days between 1 and 30),
  customer_since date not null,
  balance_cents bigint not null default 0,                              -- money of the customer that we hold; kept by the trigger on balance_entry
  next_invoice_on date, next_invoice_net_cents bigint, next_invoice_vat_cents bigint, -- kept by subscription.Replan
  search text not null generated always as (lower(number || ' ' || company_name || ' ' || first_name || ' ' || last_name || ' ' || email || ' ' || postcode || ' ' || city || ' ' || phone)) stored,
  created_at timestamptz not null,
  check (not (is_partner and partner_id is not null)));
create index on account (partner_id, id) where partner_id is not null;
create index on account (created_at, id);
create index on account (name, id);
create index on account (lower(email));
create index on account using gin (search gin_trgm_ops);
select app.protect('account', 'account:read', 'account:manage', 'id');

-- The accounts in a partner's sight: its own and its customers. A view is read with its owner's rights, past row-level security.
create view app.reach as select id from account where id = (select app.account_id()) or partner_id = (select app.account_id());
grant select on app.reach to panel_partner;

create table account_note (
  id uuid primary key,
  account_id uuid not null references account,
  author_id uuid,
  body text not null,
  created_at timestamptz not null);
create index on account_note (account_id, created_at);
select app.staff_only('account_note', 'desk:read');

create table contact (
  id uuid primary key,
  account_id uuid not null references account,
  kind text not null check (kind in ('GENERAL', 'BILLING', 'TECHNICAL', 'DOMAIN_HOLDER')),
  name text not null,
  email text not null default '',
  phone text not null default '',
  created_at timestamptz not null);
create index on contact (account_id, created_at);
select app.protect('contact', 'account:read', 'account:manage');

create table billing_preference (                                       -- P-07, P-30
  account_id uuid primary key references account,
  delivery text not null default 'EMAIL' check (delivery in ('EMAIL', 'POST', 'PEPPOL')),
  invoice_email text not null default '',
  purchase_reference text not null default '',
  payment_method text not null default 'INVOICE' check (payment_method in ('INVOICE', 'DIRECT_DEBIT')),
  reminder_before_invoice boolean not null default false,
  peppol_id text not null default '',
  language text not null default 'nl' check (language in ('nl', 'en')),
  updated_at timestamptz not null);
select app.protect('billing_preference', 'account:read', 'account:manage');

create table vat_check (                                                -- rules §3: proof for reverse charge
  id uuid primary key,
  account_id uuid not null references account,
  vat_id text not null,
  outcome text not null check (outcome in ('VALID', 'INVALID', 'UNAVAILABLE')),
  consultation_number text not null default '',
  checked_at timestamptz not null);
create index on vat_check (account_id, checked_at);
select app.protect('vat_check', 'billing:read', 'desk:manage');

create table location_evidence (                                        -- rules §3: OSS
  id uuid primary key,
  account_id uuid not null references account,
  kind text not null check (kind in ('BILLING_ADDRESS', 'IP_ADDRESS', 'BANK')),
  country char(2) not null,
  recorded_at timestamptz not null,
  unique (account_id, kind));
select app.protect('location_evidence', 'billing:read', 'desk:manage');

create table mandate (                                                  -- rules 3.15
  id uuid primary key,
  account_id uuid not null references account,
  reference text not null unique check (length(reference) <= 35),
  status text not null check (status in ('DRAFT', 'SIGNED', 'ACTIVE', 'SUSPENDED', 'REVOKED', 'EXPIRED')),
  scheme text not null default 'CORE' check (scheme in ('CORE', 'B2B')),
  iban text not null, holder text not null,
  provider_id text unique,
  signed_on date, last_used_on date,
  created_at timestamptz not null);
create index on mandate (account_id);
create unique index on mandate (account_id) where status = 'ACTIVE';
select app.protect('mandate', 'billing:read', 'billing:manage');
