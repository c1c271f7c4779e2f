-- Who signs in: users, what they may do in which account, login sessions, API tokens.
-- Package auth finds out who asks in the role panel_auth; everyone else sees only what is theirs.

create table app_user (
  id uuid primary key,
  email text not null check (email = lower(email) and email <> ''),
  name text not null,
  language text not null default 'nl' check (language in ('nl', 'en')),
  staff_role text check (staff_role in ('SUPPORT', 'FINANCE', 'ADMIN')),
  status text not null default 'INVITED' check (status in ('INVITED', 'ACTIVE', 'DISABLED')),
  two_factor_at timestamptz,                                            -- since when a login asks for a second factor; null for never
  created_at timestamptz not null,
  last_login_at timestamptz,
  unique (email));

create table credential (                                               -- secrets apart from the person, so that nobody selects them by accident
  user_id uuid primary key references app_user,
  password_hash text not null default '',                               -- argon2id, or bcrypt from an import until the next login
  totp_secret bytea,                                                    -- sealed with the server's key; in use once app_user.two_factor_at is set
  totp_last_step bigint not null default 0,                             -- a code works once
  changed_at timestamptz not null);

create table recovery_code (                                            -- for who lost the phone: each works once
  user_id uuid not null references app_user,
  code_hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, code_hash));

create table membership (
  id uuid primary key,
  user_id uuid not null references app_user,
  account_id uuid not null references account,
  role text not null check (role in ('OWNER', 'BILLING', 'TECHNICAL')),
  created_at timestamptz not null,
  unique (user_id, account_id));
create index on membership (account_id, user_id);

create table login_session (
  id uuid primary key,
  user_id uuid not null references app_user,
  account_id uuid references account,                                   -- the account acted in; null for staff
  token_hash bytea not null unique,                                     -- sha256; the token itself is only with the browser
  second_factor_at timestamptz,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  ip inet, user_agent text not null default '');
create index on login_session (user_id, created_at);

create table api_token (
  id uuid primary key,
  user_id uuid references app_user,                                     -- who made it
  account_id uuid references account,                                   -- whose rows it reads; null for staff and machines
  kind text not null check (kind in ('CUSTOMER', 'PARTNER', 'STAFF', 'MACHINE')),
  name text not null,
  hint text not null,                                                   -- the first characters, to recognise it by
  token_hash bytea not null unique,
  scopes text[] not null check (cardinality(scopes) > 0),               -- permissions; never free text
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  check ((account_id is null) = (kind in ('STAFF', 'MACHINE'))));
create index on api_token (account_id, created_at);
create index on api_token (user_id, created_at);

create table one_time_link (                                            -- activation, password reset: works once, for a while (P-03)
  id uuid primary key,
  user_id uuid not null references app_user,
  purpose text not null check (purpose in ('ACTIVATION', 'PASSWORD_RESET', 'EMAIL_CHANGE')),
  token_hash bytea not null unique,
  data jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz);
create index on one_time_link (user_id, purpose);

create table login_attempt (
  id uuid primary key,
  user_id uuid references app_user,
  at timestamptz not null,
  outcome text not null check (outcome in ('SUCCESS', 'WRONG_PASSWORD', 'SECOND_FACTOR_REQUIRED', 'WRONG_SECOND_FACTOR', 'LOCKED', 'DISABLED', 'UNKNOWN_USER')),
  ip inet, user_agent text not null default '');
create index on login_attempt (user_id, at);

create unlogged table rate_limit (                                      -- GCRA: one row a key, shared by all servers
  key text primary key,
  arrives_at timestamptz not null);

do $$
declare t text;
begin
  foreach t in array array['app_user', 'credential', 'recovery_code', 'membership', 'login_session', 'api_token', 'one_time_link', 'login_attempt'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy auth on %I to panel_auth using (true) with check (true)', t);
    execute format('create policy system on %I to panel_system using (true) with check (true)', t);
    execute format('grant select, insert, update on %I to panel_auth', t);
    execute format('grant select, insert, update, delete on %I to panel_system', t);
  end loop;
end $$;
grant delete on recovery_code to panel_auth;
grant select, insert, update, delete on rate_limit to panel_auth, panel_system;
grant select on account to panel_auth;
create policy auth on account to panel_auth using (true);

-- Whom a viewer sees: itself, the users of its accounts; staff everyone.
create function app.colleagues() returns uuid[] stable language sql security definer set search_path = pg_catalog, public as $$
  select coalesce(array_agg(user_id), '{}') from membership
  where account_id = any (case when current_setting('app.kind', true) = 'PARTNER' then app.account_ids() else array[app.account_id()] end) $$;
create policy customer on app_user to panel_customer using (id = (select app.user_id()) or id = any ((select app.colleagues())::uuid[]));
create policy partner on app_user to panel_partner using (id = (select app.user_id()) or id = any ((select app.colleagues())::uuid[]));
create policy staff on app_user to panel_staff using (true) with check ((select app.can('user:manage')));
create policy machine on app_user to panel_machine using (false);
grant select on app_user to panel_customer, panel_partner, panel_staff, panel_machine;
grant insert, update on app_user to panel_staff;

-- A membership is seen by its user, in every account, and by those who act in its account.
create policy customer on membership to panel_customer using (account_id = (select app.account_id()) or user_id = (select app.user_id()));
create policy partner on membership to panel_partner using (account_id = any ((select app.account_ids())::uuid[]) or user_id = (select app.user_id()));
create policy staff on membership to panel_staff using (true) with check ((select app.can('user:manage')));
grant select on membership to panel_customer, panel_partner, panel_staff;
grant insert, update on membership to panel_staff;

create policy customer on login_session to panel_customer using (user_id = (select app.user_id()));
create policy partner on login_session to panel_partner using (user_id = (select app.user_id()));
create policy staff on login_session to panel_staff using (user_id = (select app.user_id()) or (select app.can('staff:manage')));
grant select (id, user_id, account_id, second_factor_at, created_at, last_seen_at, expires_at, revoked_at, ip, user_agent) -- not the hash
  on login_session to panel_customer, panel_partner, panel_staff;

create policy customer on login_attempt to panel_customer using (user_id = (select app.user_id()));
create policy partner on login_attempt to panel_partner using (user_id = (select app.user_id()));
create policy staff on login_attempt to panel_staff using (true);
grant select on login_attempt to panel_customer, panel_partner, panel_staff;

create policy customer on api_token to panel_customer using (account_id = (select app.account_id()) and (select app.can('token:manage')));
create policy partner on api_token to panel_partner using (account_id = (select app.account_id()) and (select app.can('token:manage')));
create policy staff on api_token to panel_staff using (true);
grant select (id, user_id, account_id, kind, name, hint, scopes, created_at, expires_at, last_used_at, revoked_at) -- not the hash
  on api_token to panel_customer, panel_partner, panel_staff;

-- The names of the accounts that the user may switch to: the accounts themselves are seen only in the one acted in.
create function app.my_accounts() returns table (id uuid, name text) stable language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.id, a.name from account a join membership m on m.account_id = a.id where m.user_id = app.user_id() $$;
