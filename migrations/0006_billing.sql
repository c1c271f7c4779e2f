-- Invoices, what was paid on them, and what the customer may still count on (state-machines §5-7).

create table invoice_counter (                                          -- invariant 6: locked in the transaction that issues
  series text not null, year int not null, last int not null,
  primary key (series, year));
grant select, insert, update on invoice_counter to panel_system;

create table invoice (
  id uuid primary key,
  account_id uuid not null references account,
  kind text not null check (kind in ('INVOICE', 'CREDIT_NOTE')),
  state text not null default 'DRAFT' check (state in ('DRAFT', 'ISSUED', 'VOID_DRAFT')),
  number text unique,
  series text, year int, sequence int,                                  -- null for imported numbers
  origin text not null check (origin in ('IMPORT', 'RUN', 'ORDER', 'RENEWAL', 'MANUAL', 'CREDIT')),
  refers_to_id uuid references invoice,                                 -- a credit note's invoice
  issued_on date, due_on date,
  scheduled_on date,                                                    -- the calendar's day, when the run came later
  language text not null default 'nl' check (language in ('nl', 'en')),
  purchase_reference text not null default '',
  net_cents bigint not null, vat_cents bigint not null,
  total_cents bigint not null generated always as (net_cents + vat_cents) stored,
  allocated_cents bigint not null default 0,                            -- kept by the trigger on allocation
  credited_cents bigint not null default 0,
  open_cents bigint not null generated always as (case when kind = 'INVOICE' and state = 'ISSUED' then net_cents + vat_cents - allocated_cents - credited_cents else 0 end) stored,
  disputed boolean not null default false,
  in_arrangement boolean not null default false,
  written_off boolean not null default false,
  supplier jsonb not null default '{}', customer jsonb not null default '{}',   -- as they were on the day of issue
  pdf_sha256 bytea,
  search text not null default '',                                      -- lower case: number, descriptions, domains
  created_at timestamptz not null,
  unique (series, year, sequence),
  check (state <> 'ISSUED' or (number is not null and issued_on is not null and due_on is not null)),
  check (state <> 'DRAFT' or number is null),
  check (kind <> 'CREDIT_NOTE' or net_cents <= 0),
  check (kind <> 'INVOICE' or origin = 'IMPORT' or allocated_cents >= 0),
  check (kind <> 'INVOICE' or origin = 'IMPORT' or allocated_cents + credited_cents <= net_cents + vat_cents)); -- invariant 5
create index on invoice (account_id, issued_on, id) where state = 'ISSUED';
create index on invoice (account_id, number, id) where state = 'ISSUED';
create index on invoice (account_id, total_cents, id) where state = 'ISSUED';
create index on invoice (account_id, due_on) where open_cents <> 0;
create index on invoice (due_on, id) where open_cents > 0;
create index on invoice (issued_on, id) where state = 'ISSUED';
create index on invoice (refers_to_id) where refers_to_id is not null;
create index on invoice using gin (search gin_trgm_ops);
select app.protect('invoice', 'billing:read', 'desk:manage');
-- A draft is nobody's business but ours (P-08).
create policy issued_customer on invoice as restrictive for select to panel_customer, panel_partner using (state = 'ISSUED');

create table invoice_line (
  id uuid primary key,
  invoice_id uuid not null references invoice,
  account_id uuid not null references account,
  position int not null,
  description text not null,
  subscription_id uuid references subscription,
  product_id uuid references product,
  label text not null default '',
  quantity int not null default 1,
  unit_cents bigint not null,
  net_cents bigint not null,
  vat_category text not null check (vat_category in ('S', 'AE', 'O', 'Z', 'E')),
  vat_rate int not null check (vat_rate between 0 and 10000),           -- hundredths of a percent
  period_start_on date, period_end_on date,
  refers_to_id uuid references invoice_line,                            -- a credit line's line
  unique (invoice_id, position),
  check ((period_start_on is null) = (period_end_on is null)),
  check (period_end_on > period_start_on));
create index on invoice_line (subscription_id, period_start_on) where subscription_id is not null;
create index on invoice_line (account_id);
create index on invoice_line (refers_to_id) where refers_to_id is not null;
select app.protect('invoice_line', 'billing:read', 'desk:manage');

create table invoice_vat (
  invoice_id uuid not null references invoice,
  account_id uuid not null references account,
  category text not null, rate int not null, country char(2) not null,
  net_cents bigint not null, vat_cents bigint not null,
  primary key (invoice_id, category, rate, country));
create index on invoice_vat (account_id);
select app.protect('invoice_vat', 'billing:read', 'desk:manage');

-- An issued invoice cannot change (invariant 9): only what is paid, credited or flagged on it, and the hash of its PDF once.
create function app.guard_invoice() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.state <> 'DRAFT' then raise exception 'an issued invoice cannot be deleted' using constraint = 'invoice_immutable', errcode = 'check_violation'; end if;
    return old;
  end if;
  if old.state = 'ISSUED' and (old.id, old.account_id, old.kind, old.state, old.number, old.series, old.year, old.sequence, old.origin, old.refers_to_id, old.issued_on, old.due_on,
      old.scheduled_on, old.language, old.purchase_reference, old.net_cents, old.vat_cents, old.supplier, old.customer, old.created_at)
    is distinct from (new.id, new.account_id, new.kind, new.state, new.number, new.series, new.year, new.sequence, new.origin, new.refers_to_id, new.issued_on, new.due_on,
      new.scheduled_on, new.language, new.purchase_reference, new.net_cents, new.vat_cents, new.supplier, new.customer, new.created_at)
    or old.pdf_sha256 is not null and old.pdf_sha256 is distinct from new.pdf_sha256 then
    raise exception 'an issued invoice cannot change' using constraint = 'invoice_immutable', errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger immutable before update or delete on invoice for each row execute function app.guard_invoice();

create function app.guard_invoice_part() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if exists (select from invoice where id in (case when tg_op <> 'INSERT' then old.invoice_id end, case when tg_op <> 'DELETE' then new.invoice_id end) and state = 'ISSUED') then
    raise exception 'the lines of an issued invoice cannot change' using constraint = 'invoice_immutable', errcode = 'check_violation';
  end if;
  return coalesce(new, old);
end $$;
-- An import writes an issued invoice with its lines and sums in one go, and proves in the same transaction that they agree:
-- through a draft and row by row it would take three times as long. Only jobs can, and they have to say so (set local app.import = 'on').
create function app.importing() returns boolean stable parallel safe language sql
  return coalesce(current_setting('app.import', true), '') = 'on' and current_user = 'panel_system';
create trigger immutable before insert on invoice_line for each row when (not app.importing()) execute function app.guard_invoice_part();
create trigger immutable before insert on invoice_vat for each row when (not app.importing()) execute function app.guard_invoice_part();
create trigger immutable_change before update or delete on invoice_line for each row execute function app.guard_invoice_part();
create trigger immutable_change before update or delete on invoice_vat for each row execute function app.guard_invoice_part();

create table covered_period (                                           -- invariant 1: no day of a subscription is billed twice
  id uuid primary key,
  account_id uuid not null references account,
  subscription_id uuid not null references subscription,
  period daterange not null check (not isempty(period)),
  invoice_line_id uuid references invoice_line,                         -- null: covered without an invoice (0.00, or before the import)
  credited boolean not null default false,
  constraint covered_once exclude using gist (subscription_id with =, period with &&) where (not credited));
create index on covered_period (account_id);
create index on covered_period (invoice_line_id);
select app.protect('covered_period', 'billing:read', 'desk:manage');

create table payment (                                                  -- state-machines §6
  id uuid primary key,
  account_id uuid not null references account,
  direction text not null default 'IN' check (direction in ('IN', 'OUT')),
  method text not null check (method in ('IDEAL', 'PAYPAL', 'CARD', 'BANCONTACT', 'BANK_TRANSFER', 'DIRECT_DEBIT', 'BALANCE', 'OTHER')),
  status text not null check (status in ('CREATED', 'PENDING', 'AUTHORIZED', 'PAID', 'FAILED', 'EXPIRED', 'CANCELED', 'REFUNDED', 'PARTIALLY_REFUNDED', 'CHARGED_BACK')),
  amount_cents bigint not null check (amount_cents > 0),
  refunded_cents bigint not null default 0 check (refunded_cents between 0 and amount_cents),
  reference text not null default '',
  provider text not null default '', provider_id text,
  paid_at timestamptz,
  created_at timestamptz not null,
  unique (provider, provider_id));
create index on payment (account_id, created_at, id);
select app.protect('payment', 'billing:read', 'billing:manage');

create table allocation (                                               -- which money settled which invoice; negative to take it back
  id uuid primary key,
  account_id uuid not null references account,
  invoice_id uuid not null references invoice,
  payment_id uuid references payment,
  balance_entry_id uuid,
  amount_cents bigint not null check (amount_cents <> 0),
  allocated_at timestamptz not null,
  check (num_nonnulls(payment_id, balance_entry_id) = 1));
create index on allocation (invoice_id);
create index on allocation (payment_id) where payment_id is not null;
create index on allocation (account_id);
select app.protect('allocation', 'billing:read', 'desk:manage');

create table balance_entry (                                            -- money of the customer that we hold
  id uuid primary key,
  account_id uuid not null references account,
  amount_cents bigint not null check (amount_cents <> 0),
  reason text not null check (reason in ('OVERPAYMENT', 'CREDIT_NOTE', 'REFUND', 'USED', 'IMPORT', 'CORRECTION')),
  payment_id uuid references payment,
  invoice_id uuid references invoice,
  recorded_at timestamptz not null);
create index on balance_entry (account_id, recorded_at, id);
select app.protect('balance_entry', 'billing:read', 'desk:manage');
alter table allocation add foreign key (balance_entry_id) references balance_entry;

-- The sums are kept by the database, so that no program can forget them.
create function app.sum_allocation() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if tg_op <> 'INSERT' then update invoice set allocated_cents = allocated_cents - old.amount_cents where id = old.invoice_id; end if;
  if tg_op <> 'DELETE' then update invoice set allocated_cents = allocated_cents + new.amount_cents where id = new.invoice_id; end if;
  return null;
end $$;
create trigger sum after insert on allocation for each row when (not app.importing()) execute function app.sum_allocation();
create trigger sum_change after update or delete on allocation for each row execute function app.sum_allocation();
create function app.sum_balance() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if tg_op <> 'INSERT' then update account set balance_cents = balance_cents - old.amount_cents where id = old.account_id; end if;
  if tg_op <> 'DELETE' then update account set balance_cents = balance_cents + new.amount_cents where id = new.account_id; end if;
  return null;
end $$;
create trigger sum after insert on balance_entry for each row when (not app.importing()) execute function app.sum_balance();
create trigger sum_change after update or delete on balance_entry for each row execute function app.sum_balance();

create table quote (                                                    -- state-machines §7
  id uuid primary key,
  account_id uuid not null references account,
  number text not null,
  version int not null default 1 check (version > 0),
  title text not null,
  status text not null check (status in ('DRAFT', 'SENT', 'ACCEPTED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED')),
  introduction text not null default '',
  valid_until_on date not null,
  net_cents bigint not null, vat_cents bigint not null,
  sent_at timestamptz, answered_at timestamptz,
  answered_by uuid references app_user, answered_ip inet, reject_reason text not null default '',
  version_sha256 bytea,
  created_at timestamptz not null,
  unique (number, version));
create index on quote (account_id, created_at, id);
select app.protect('quote', 'billing:read', 'billing:manage');
create policy sent_customer on quote as restrictive for select to panel_customer, panel_partner using (status <> 'DRAFT');

create table quote_line (
  id uuid primary key,
  quote_id uuid not null references quote,
  account_id uuid not null references account,
  position int not null,
  product_id uuid references product,
  description text not null,
  label text not null default '',
  quantity int not null default 1 check (quantity > 0),
  term_months int not null check (term_months >= 0),
  net_cents bigint not null,
  unique (quote_id, position));
create index on quote_line (account_id);
select app.protect('quote_line', 'billing:read', 'desk:manage');

create table customer_order (
  id uuid primary key,
  account_id uuid not null references account,
  number text not null unique,
  status text not null check (status in ('CART', 'PLACED', 'UNDER_REVIEW', 'APPROVED', 'DELIVERING', 'PARTIALLY_DELIVERED', 'COMPLETED', 'REJECTED', 'FAILED', 'CANCELED')),
  quote_id uuid unique references quote,
  invoice_id uuid references invoice,
  net_cents bigint not null, vat_cents bigint not null,
  placed_at timestamptz,
  created_at timestamptz not null);
create index on customer_order (account_id, created_at, id);
select app.protect('customer_order', 'billing:read', 'billing:manage');

create table order_line (
  id uuid primary key,
  order_id uuid not null references customer_order,
  account_id uuid not null references account,
  position int not null,
  product_id uuid not null references product,
  subscription_id uuid references subscription,
  label text not null default '',
  quantity int not null default 1 check (quantity > 0),
  term_months int not null check (term_months >= 0),
  net_cents bigint not null,
  delivered_at timestamptz,
  unique (order_id, position));
create index on order_line (account_id);
select app.protect('order_line', 'billing:read', 'billing:manage');
