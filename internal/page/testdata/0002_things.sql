-- A list of things with a column of every type that lists are ordered by.
create table account (id uuid primary key, partner_id uuid);
create table thing (
  id uuid primary key,
  account_id uuid not null references account,
  name text not null,
  made_on date not null,
  seen_at timestamptz not null,
  amount_cents bigint not null,
  position int not null);
alter table thing enable row level security;
create policy customer on thing to panel_customer using (account_id = (select app.account_id()));
create policy partner on thing to panel_partner using (account_id = any ((select app.account_ids())::uuid[]));
create policy staff on thing to panel_staff using (true);
grant select on thing to panel_customer, panel_partner, panel_staff;
