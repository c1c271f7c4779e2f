-- A small shop to test on, with the same kinds of policy as the real tables.
create table account (id uuid primary key, partner_id uuid references account);
create table note (
  id uuid primary key,
  account_id uuid not null references account,
  body text not null,
  n int not null default 0 constraint note_n_check check (n >= 0),
  constraint note_body_key unique (body));
do $$
declare t text;
begin
  foreach t in array array['account', 'note'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy staff on %I to panel_staff using (true)', t);
    execute format('create policy system on %I to panel_system using (true)', t);
    execute format('grant select, insert, update, delete on %I to panel_customer, panel_partner, panel_staff, panel_system', t);
  end loop;
end $$;
create policy customer on account to panel_customer using (id = (select app.account_id()) and (select app.can('account:read')));
create policy partner on account to panel_partner using (id = any ((select app.account_ids())::uuid[]));
create policy customer on note to panel_customer using (account_id = (select app.account_id()));
create policy partner on note to panel_partner using (account_id = any ((select app.account_ids())::uuid[]));

create table event (
  seq bigint generated always as identity primary key,
  id uuid not null unique, at timestamptz not null, actor text not null, user_id uuid, account_id uuid,
  kind text not null, subject_id uuid, channel text, received_at timestamptz, reason text,
  data jsonb not null, relayed_at timestamptz);
grant insert on event to panel_customer, panel_staff, panel_system;
grant select on event to panel_system;
create function app.announce() returns trigger language plpgsql as $$
begin perform pg_notify('panel_event', new.kind); return null; end $$;
create trigger announce after insert on event for each row execute function app.announce();
