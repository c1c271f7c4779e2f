-- What is sold: products with their limits, and prices that change on a day (rules §5).

create table product (
  id uuid primary key,
  code text not null unique check (code ~ '^[A-Z0-9][A-Z0-9.-]{1,29}$'),
  kind text not null check (kind in ('HOSTING', 'RESELLER', 'VPS', 'DOMAIN', 'CERTIFICATE', 'MAIL', 'BACKUP', 'SERVICE', 'OVERAGE', 'OTHER')),
  name_nl text not null, name_en text not null,
  description_nl text not null default '', description_en text not null default '',
  tld text not null default '' check ((kind = 'DOMAIN') or tld = ''),
  disk_limit_bytes bigint, traffic_limit_bytes bigint, inode_limit bigint, site_limit int, mailbox_limit int, -- null: no limit
  usage_policy text not null default 'NOTIFY' check (usage_policy in ('BLOCK', 'NOTIFY', 'OVERAGE')),           -- rules 3.25
  bundles_domain boolean not null default false,                        -- M-09: the product lives as long as its domain
  orderable boolean not null default true,
  position int not null default 0,
  created_at timestamptz not null);
create index on product (position, id);

create table product_price (
  id uuid primary key,
  product_id uuid not null references product,
  term_months int not null check (term_months between 0 and 120),       -- 0: once
  valid_from date not null,
  amount_cents bigint not null check (amount_cents >= 0),               -- net, for one term
  unique (product_id, term_months, valid_from));

grant select on product, product_price to panel_visitor, panel_customer, panel_partner, panel_staff, panel_machine, panel_auth;
grant select, insert, update, delete on product, product_price to panel_system;
