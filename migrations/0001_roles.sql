-- Who may enter: one role per kind of viewer, the login role that owns nothing, and the settings that a transaction carries.

-- Roles belong to the whole cluster: another database may have made them, or be making them at this very moment.
do $$
declare
  r text;
  viewers constant text[] := array['panel_visitor', 'panel_customer', 'panel_partner', 'panel_staff', 'panel_machine', 'panel_system', 'panel_auth'];
  owner_is_super constant boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
  foreach r in array viewers || 'panel_login'::text loop
    begin
      if not exists (select from pg_roles where rolname = r) then
        execute format('create role %I %s', r, case r when 'panel_login' then 'login noinherit' else 'nologin inherit' end);
      end if;
    exception when duplicate_object or unique_violation then null; -- another database was first
    end;
  end loop;
  if exists (select from pg_roles where rolname = any (viewers || 'panel_login'::text) and (rolsuper or rolbypassrls)) then
    raise exception 'a role of the panel (panel_*) is superuser or may bypass row-level security: take that away first';
  end if;

  for attempt in 1 .. 50 loop
    begin
      foreach r in array viewers loop
        if not exists (select from pg_auth_members where roleid = r::regrole and member = 'panel_login'::regrole) then
          execute format('grant %I to panel_login', r);
        end if;
      end loop;
      -- The owner runs functions that look past row-level security, and migrations that touch every row: it is let in by
      -- the policies for jobs. Through panel_login it can only enter, not inherit, the others.
      if not owner_is_super and not exists (select from pg_auth_members where roleid = 'panel_system'::regrole and member = current_user::regrole) then
        execute format('grant panel_system to %I', current_user);
      end if;
      if not owner_is_super and not exists (select from pg_auth_members where roleid = 'panel_login'::regrole and member = current_user::regrole) then
        execute format('grant panel_login to %I', current_user);
      end if;
      exit;
    exception when unique_violation or internal_error then -- "tuple concurrently updated": another database grants the same
      if attempt = 50 then raise; end if;
      perform pg_sleep(0.02);
    end;
  end loop;
end $$;

revoke create on schema public from public;
create schema app;
grant usage on schema app to panel_visitor, panel_customer, panel_partner, panel_staff, panel_machine, panel_system, panel_auth;

-- The settings live as long as the transaction; package pg sets them when it enters. Policies must call them in a
-- subselect, (select app.account_id()), or they run once for each row.
create function app.account_id() returns uuid stable parallel safe language sql
  return nullif(current_setting('app.account', true), '')::uuid;
create function app.user_id() returns uuid stable parallel safe language sql
  return nullif(current_setting('app.user', true), '')::uuid;
create function app.kind() returns text stable parallel safe language sql
  return coalesce(current_setting('app.kind', true), '');
create function app.can(permission text) returns boolean stable parallel safe language sql
  return position(' ' || permission || ' ' in coalesce(current_setting('app.can', true), '')) > 0;

-- The instant and the day of the program's clock, which a test may set: SQL never asks the server for the time. Null outside of a viewer's transaction.
create function app.now() returns timestamptz stable parallel safe language sql
  return nullif(current_setting('app.now', true), '')::timestamptz;
create function app.today() returns date stable parallel safe language sql
  return (app.now() at time zone 'Europe/Amsterdam')::date;

-- The API's id of an object, the same text as key.Format makes in Go.
create function app.key(prefix text, id uuid) returns text immutable parallel safe language sql
  return prefix || '_' || encode(uuid_send(id), 'hex');

-- The accounts that a partner may see: its own and its customers. It reads past row-level security, since the policy of account asks it.
create function app.account_ids() returns uuid[] stable parallel safe language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select coalesce(array_agg(id), '{}') from account where id = app.account_id() or partner_id = app.account_id());
end $$;
