-- What the customer uses: domains, hosting packages, measurements (state-machines §10-11).

create table domain (
  id uuid primary key,
  account_id uuid not null references account,
  subscription_id uuid references subscription,
  name text not null check (name = lower(name)),
  status text not null check (status in ('REQUESTED', 'PENDING_REGISTRATION', 'PENDING_TRANSFER_IN', 'ACTIVE', 'TRANSFER_OUT_PENDING', 'EXPIRED_GRACE', 'QUARANTINE', 'REDEMPTION', 'PENDING_DELETE', 'TRANSFERRED_OUT', 'RELEASED', 'FAILED')),
  registrar text not null default '',
  registered_on date,
  expires_on date,
  auto_renew boolean not null default true,
  auto_renew_confirmed_at timestamptz,                                  -- when the registry last said so (M-20)
  locked boolean not null default false,
  name_servers jsonb not null default '[]',
  quarantine_until_on date,
  created_at timestamptz not null);
create index on domain (account_id, name, id);
create index on domain (account_id, expires_on, id);
create index on domain (account_id, created_at, id);
create index on domain (subscription_id);
create index on domain using gin (name gin_trgm_ops);
create index on domain (expires_on) where status = 'ACTIVE';
create unique index domain_one_live on domain (name) where status not in ('TRANSFERRED_OUT', 'RELEASED', 'FAILED');
select app.protect('domain', 'service:read', 'service:manage');

create table hosting_package (
  id uuid primary key,
  account_id uuid not null references account,
  subscription_id uuid references subscription,
  domain_id uuid references domain,
  name text not null,                                                   -- the primary domain name
  node text not null default '', username text not null default '',
  status text not null check (status in ('PROVISIONING', 'ACTIVE', 'SUSPENDED', 'DELETION_SCHEDULED', 'DELETED_RECOVERABLE', 'PURGED', 'RESTORING')),
  disk_limit_bytes bigint, traffic_limit_bytes bigint, inode_limit bigint, -- null: no limit
  disk_bytes bigint, traffic_bytes bigint, inodes bigint, measured_at timestamptz, -- the newest sample; traffic of its calendar month
  mailbox_count int, database_count int,
  purge_at timestamptz,
  created_at timestamptz not null);
create index on hosting_package (account_id, name, id);
create index on hosting_package (account_id, created_at, id);
create index on hosting_package (subscription_id);
create index on hosting_package (domain_id);
create unique index on hosting_package (node, username) where username <> '' and status <> 'PURGED';
select app.protect('hosting_package', 'service:read', 'service:manage');

create table usage_day (                                                -- P-22: the newest sample of each day; 13 months are kept
  package_id uuid not null references hosting_package,
  day date not null,                                                    -- in Amsterdam
  account_id uuid not null references account,
  disk_bytes bigint not null check (disk_bytes >= 0),
  traffic_bytes bigint not null check (traffic_bytes >= 0),             -- since the first of the month
  inodes bigint check (inodes >= 0),
  measured_at timestamptz not null,
  primary key (package_id, day));
create index on usage_day (account_id);
create index on usage_day (day);
select app.protect('usage_day', 'service:read', 'usage:record');

-- A node reports what it measured, and sees nothing but which packages there are.
create policy machine on hosting_package to panel_machine using ((select app.can('usage:record'))) with check ((select app.can('usage:record')));
create policy machine on usage_day to panel_machine using ((select app.can('usage:record'))) with check ((select app.can('usage:record')));
grant select (id, account_id, username, node, measured_at, status), update (disk_bytes, traffic_bytes, inodes, measured_at) on hosting_package to panel_machine;
grant select, insert, update on usage_day to panel_machine;
