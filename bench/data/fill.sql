-- The provider that the bench measures on, the same rows at every run. Runs as superuser with triggers off; bench.customers
-- says how many customers. Accounts by their place k:
--   1         a partner with 500 customers (101 to 600)
--   2         a partner with 50 customers (601 to 650)
--   3         a customer with 25,000 invoices
--   11 to 26  the customers whose dashboard is asked for, with 14 services each
--   the rest  one to six services and four to twenty-seven invoices each

set session_replication_role = replica;
create schema bench;
create function bench.n() returns bigint immutable language sql return current_setting('bench.customers')::bigint;
-- A number below m, scattered over what it is asked of.
create function bench.h(k bigint, j bigint, salt bigint, m bigint) returns bigint immutable language sql
  return mod(mod(k * 2654435761 + j * 40503 + salt * 7919, 1000003), m);
-- An id as the server makes them: a uuid that begins with its moment.
create function bench.id(kind text, k bigint, j bigint, at timestamptz) returns uuid immutable language sql
  return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(kind || k || '-' || j), 1, 3) || '8' || substr(md5(kind || k || '-' || j), 4, 15))::uuid;
create function bench.ago(days bigint) returns timestamptz immutable language sql
  return timestamptz '2026-07-01 09:00Z' - make_interval(days => days::int);

-- Indexes are made when the rows are there.
create table bench.dropped as select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
from pg_index where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) and not exists (select from pg_constraint c where c.conindid = indexrelid);
do $$ declare i record; begin for i in select * from bench.dropped loop execute 'drop index ' || i.name; end loop; end $$;

insert into brand (id, code, profile, name, legal_name, line1, postcode, city, country, kvk_number, vat_id, iban, bic, email, phone, url, created_at)
values (bench.id('brand', 1, 1, '2014-01-01Z'), 'BENCH', 'PING', 'Voorbeeld Hosting', 'Voorbeeld Hosting B.V.', 'Dorpsstraat 1', '1234AB', 'Haarlem', 'NL', '12345678', 'NL001234567B01',
  'NL02ABNA0123456789', 'ABNANL2A', 'info@example.nl', '+31201234567', 'https://example.nl', '2014-01-01Z');

create table bench.product as
select n, bench.id('product', n, 0, '2014-01-01Z') as id, kind, name, tld, price
from (values (1, 'HOSTING', 'Webhosting Start', '', 3990), (2, 'HOSTING', 'Webhosting Plus', '', 7990), (3, 'HOSTING', 'Webhosting Pro', '', 14990), (4, 'DOMAIN', '.nl-domein', 'nl', 799),
  (5, 'DOMAIN', '.com-domein', 'com', 1299), (6, 'DOMAIN', '.eu-domein', 'eu', 999), (7, 'CERTIFICATE', 'Certificaat', '', 4900), (8, 'MAIL', 'Zakelijke mail', '', 2400),
  (9, 'VPS', 'VPS 2', '', 11880), (10, 'BACKUP', 'Back-up', '', 3600)) p(n, kind, name, tld, price);
insert into product (id, code, kind, name_nl, name_en, tld, disk_limit_bytes, traffic_limit_bytes, position, created_at)
select id, kind || n, kind, name, name || ' (en)', tld, case kind when 'HOSTING' then 10737418240 end, case kind when 'HOSTING' then 107374182400 end, n, '2014-01-01Z' from bench.product;
insert into product_price (id, product_id, term_months, valid_from, amount_cents)
select bench.id('price', n * 100 + months, year, '2014-01-01Z'), id, months, make_date(year, 1, 1), (price * months / 12) * (100 + 3 * (year - 2014)) / 100
from bench.product, unnest(array[1, 12]) months, unnest(array[2014, 2018, 2022, 2025]) year;

create table bench.account as
select k, since, bench.id('account', k, 0, since) as id, k <= 2 as is_partner,
  case when k between 101 and 600 then 1 when k between 601 and 650 then 2 end as partner,
  case when k between 11 and 26 then 14 when k <= 3 then 4 else 1 + bench.h(k, 0, 2, 6) end as services,
  case when k = 3 then 25000 when k <= 26 then 40 when k between 101 and 650 then 30 else 4 + bench.h(k, 0, 3, 24) end as invoices
from (select k, bench.ago(400 + bench.h(k, 0, 1, 4000)) as since from generate_series(1, bench.n()) k) a;
create unique index on bench.account (k);

insert into account (id, number, brand_id, kind, is_partner, partner_id, company_name, first_name, last_name, email, phone, line1, postcode, city, country, kvk_number, customer_since,
  balance_cents, next_invoice_on, next_invoice_net_cents, next_invoice_vat_cents, created_at)
select a.id, (10000 + k)::text, b.id, case when k % 3 = 0 then 'CONSUMER' else 'BUSINESS' end, a.is_partner, (select p.id from bench.account p where p.k = a.partner),
  case when k % 3 <> 0 then 'Bedrijf ' || lpad(k::text, 6, '0') else '' end, 'Voornaam' || k % 97, 'Achternaam' || k, 'klant' || k || '@example.com', '+3120' || lpad(k::text, 7, '0'),
  'Straat ' || k % 500, lpad((k % 9000 + 1000)::text, 4, '0') || 'AB', 'Plaats ' || k % 300, 'NL', case when k % 3 <> 0 then lpad(k::text, 8, '0') else '' end, since::date,
  0, date '2026-07-05' + (k % 300)::int, 10000 + k % 7919, (10000 + k % 7919) * 21 / 100, since
from bench.account a, brand b;
insert into billing_preference (account_id, updated_at) select id, since from bench.account;
insert into contact (id, account_id, kind, name, email, created_at) select bench.id('contact', k, 0, since), id, 'BILLING', 'Administratie ' || k, 'admin' || k || '@example.com', since from bench.account;
insert into app_user (id, email, name, status, created_at) select bench.id('user', k, 0, since), 'klant' || k || '@example.com', 'Gebruiker ' || k, 'ACTIVE', since from bench.account;
insert into app_user (id, email, name, staff_role, status, created_at) values (bench.id('staff', 0, 0, '2014-01-01Z'), 'staf@example.com', 'Medewerker', 'ADMIN', 'ACTIVE', '2014-01-01Z');
insert into membership (id, user_id, account_id, role, created_at) select bench.id('membership', k, 0, since), bench.id('user', k, 0, since), id, 'OWNER', since from bench.account;

create table bench.service as
select a.k, j, a.id as account_id, p.id as product_id, p.kind, p.tld, bench.id('service', a.k, j, at) as id, at,
  'site' || a.k || '-' || j || case p.kind when 'DOMAIN' then '.' || p.tld else '.nl' end as label,
  date '2026-07-10' + bench.h(a.k, j, 5, 350)::int as renews_on, bench.h(a.k, j, 6, 12) = 0 and a.k > 100 as ended
from bench.account a, lateral generate_series(1, a.services) j, lateral (select a.since + make_interval(days => bench.h(a.k, j, 4, 300)::int) as at) t,
  bench.product p where p.n = case when j % 2 = 1 then 1 + bench.h(a.k, j, 7, 3) when j % 8 = 0 then 7 + bench.h(a.k, j, 7, 4) else 4 + bench.h(a.k, j, 7, 3) end;
insert into subscription (id, account_id, product_id, label, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, price_cents, status, ends_on, end_reason,
  next_invoice_on, next_invoice_net_cents, next_invoice_vat_cents, last_cancel_on, created_at)
select id, account_id, product_id, label, 12, (renews_on - interval '3 years')::date, (renews_on - interval '1 year')::date, renews_on, renews_on, case when j % 4 = 0 then 4500 + j end,
  case when ended then 'ENDED' when bench.h(k, j, 8, 20) = 0 then 'CANCELLATION_REQUESTED' else 'ACTIVE' end, case when ended then renews_on end, case when ended then 'CANCELLED' end,
  case when not ended then renews_on - 14 end, case when not ended then 4000 + j end, case when not ended then (4000 + j) * 21 / 100 end, renews_on - 31, at
from bench.service;
insert into cancellation (id, account_id, subscription_id, mode, status, received_at, entered_at, effective_on)
select bench.id('cancellation', k, j, bench.ago(20)), account_id, id, 'END_OF_TERM', 'OPEN', bench.ago(20), bench.ago(20), renews_on from bench.service where bench.h(k, j, 8, 20) = 0 and not ended;
insert into renewal_offer (id, account_id, subscription_id, renews_on, term_months, net_cents, vat_cents, status, sends_on, created_at)
select bench.id('offer', k, j, bench.ago(15)), account_id, id, renews_on, 12, 4000, 840, 'SCHEDULED', renews_on - 30, bench.ago(15) from bench.service where k % 3 = 0 and j % 2 = 1 and not ended;
insert into domain (id, account_id, subscription_id, name, status, registered_on, expires_on, name_servers, created_at)
select bench.id('domain', k, j, at), account_id, id, label, case when ended then 'RELEASED' else 'ACTIVE' end, at::date, renews_on, '["ns1.example.nl", "ns2.example.nl"]', at from bench.service where kind = 'DOMAIN';
insert into hosting_package (id, account_id, subscription_id, name, node, username, status, disk_limit_bytes, traffic_limit_bytes, disk_bytes, traffic_bytes, inodes, measured_at, mailbox_count, database_count, created_at)
select bench.id('package', k, j, at), account_id, id, label, 'web' || k % 40, 'u' || k || 'x' || j, case when ended then 'PURGED' else 'ACTIVE' end, 10737418240, 107374182400,
  bench.h(k, j, 9, 1000000) * 10500, bench.h(k, j, 10, 1000000) * 90000, bench.h(k, j, 11, 200000), bench.ago(1), bench.h(k, j, 12, 30), bench.h(k, j, 13, 8), at
from bench.service where kind = 'HOSTING';
-- Each month of all packages, each day of those that are asked for.
insert into usage_day (package_id, day, account_id, disk_bytes, traffic_bytes, inodes, measured_at)
select bench.id('package', s.k, s.j, s.at), d::date, s.account_id, bench.h(s.k, s.j, 9, 1000000) * 10000 + extract(day from d)::int * 1000, 100000000 * extract(day from d)::bigint, 1000, d + interval '9 hours'
from bench.service s, lateral generate_series(timestamptz '2025-07-01Z', '2026-06-30Z', case when s.k <= 26 or s.k between 101 and 650 then interval '1 day' else interval '1 month' end) d
where s.kind = 'HOSTING' and not s.ended;

create table bench.invoice as
select a.k, j, a.id as account_id, bench.id('invoice', a.k, j, at) as id, at, at::date as issued_on, at::date + 14 as due_on, 'F' || lpad(a.k::text, 6, '0') || lpad(j::text, 5, '0') as number,
  1500 + bench.h(a.k, j, 14, 30000) as net, j > a.invoices - bench.h(a.k, 0, 15, 4) as open
from bench.account a, lateral generate_series(1, a.invoices) j,
  lateral (select timestamptz '2014-01-10 04:00Z' + make_interval(secs => (j * 392860800 / (a.invoices + 1) + bench.h(a.k, j, 16, 86400)) / 60 * 60) as at) t;
insert into invoice (id, account_id, kind, state, number, origin, issued_on, due_on, net_cents, vat_cents, allocated_cents, supplier, customer, search, created_at)
select id, account_id, 'INVOICE', 'ISSUED', number, case when k = 3 then 'IMPORT' else 'RUN' end, issued_on, due_on, net, net * 21 / 100, case when open then 0 else net + net * 21 / 100 end,
  '{"name": "Voorbeeld Hosting B.V.", "city": "Haarlem"}', json_build_object('name', 'Klant ' || k), lower(number) || ' verlenging site' || k || '-1.nl webhosting', at from bench.invoice;
insert into invoice_line (id, invoice_id, account_id, position, description, label, unit_cents, net_cents, vat_category, vat_rate)
select bench.id('line', i.k, i.j * 8 + l, i.at), i.id, i.account_id, l, 'Verlenging ' || case when l = 1 then 'webhosting' else 'domeinnaam' end, 'site' || i.k || '-' || l || '.nl',
  case when l = 1 then i.net - 500 else 500 end, case when l = 1 then i.net - 500 else 500 end, 'S', 2100 from bench.invoice i, generate_series(1, 2) l;
insert into invoice_vat (invoice_id, account_id, category, rate, country, net_cents, vat_cents) select id, account_id, 'S', 2100, 'NL', net, net * 21 / 100 from bench.invoice;
insert into payment (id, account_id, method, status, amount_cents, reference, paid_at, created_at)
select bench.id('payment', k, j, at), account_id, case when j % 2 = 0 then 'IDEAL' else 'BANK_TRANSFER' end, 'PAID', net + net * 21 / 100, number, at + interval '5 days', at + interval '5 days' from bench.invoice where not open;
insert into allocation (id, account_id, invoice_id, payment_id, amount_cents, allocated_at)
select bench.id('allocation', k, j, at), account_id, id, bench.id('payment', k, j, at), net + net * 21 / 100, at + interval '5 days' from bench.invoice where not open;

insert into notification (id, account_id, kind, subject_type, subject_id, data, created_at, read_at)
select bench.id('notification', k, j, at), id, case when j % 2 = 0 then 'USAGE_80' else 'ORDER_DELIVERED' end, '', null, json_build_object('name', 'site' || k, 'number', k::text, 'percent', '80'), at,
  case when j > 3 then at + interval '1 day' end
from bench.account, lateral generate_series(1, 3 + bench.h(k, 0, 17, 6)) j, lateral (select bench.ago(j * 9 + bench.h(k, j, 18, 9)) as at) t;
insert into ticket (id, account_id, number, subject, status, opened_at, last_message_at)
select bench.id('ticket', k, j, at), id, 'T' || k || '-' || j, 'Vraag over site ' || j, case when j = 1 then 'WAITING_FOR_STAFF' else 'CLOSED' end, at, at + interval '2 hours'
from bench.account, lateral generate_series(1, bench.h(k, 0, 19, 4)) j, lateral (select bench.ago(j * 50 + bench.h(k, j, 20, 50)) as at) t;
insert into ticket_message (id, ticket_id, account_id, author, author_name, body, sent_at)
select bench.id('message', a.k, 0, t.opened_at), t.id, t.account_id, 'CUSTOMER', 'Gebruiker', 'Kunt u mij helpen?', t.opened_at from ticket t join bench.account a on a.id = t.account_id;

do $$ declare i record; begin for i in select * from bench.dropped loop execute i.definition; end loop; end $$;
set session_replication_role = origin;
