-- What PostGraphile serves: views in a schema of their own, as its manual advises for an API, with the invoker's rights so
-- that the same policies hold. Amounts, ids and moments are written as our API writes them, so that the answers are equal
-- but for names. Views have no keys of their own; the comments tell PostGraphile which columns are.

create schema peer;
grant usage on schema peer to panel_customer, panel_partner, panel_staff;

create view peer.person with (security_invoker) as
  select id as uid, app.key('usr', id) as id, name, app.kind() as kind, (select app.account_id()) as account_uid from app_user where id = (select app.user_id());
comment on view peer.person is E'@primaryKey uid\n@foreignKey (account_uid) references peer.account (uid)|@fieldName account';

create view peer.account with (security_invoker) as
  select id as uid, app.key('acc', id) as id, number, name, kind, status, partner_id as partner_uid, (balance_cents * 0.01)::text as balance, next_invoice_on,
    (next_invoice_net_cents * 0.01)::text as next_excluding, (next_invoice_vat_cents * 0.01)::text as next_vat, ((next_invoice_net_cents + next_invoice_vat_cents) * 0.01)::text as next_including,
    -- Subselects cost nothing when their column is not asked for, and are worked out after the limit.
    (select (coalesce(sum(open_cents), 0)::bigint * 0.01)::text from invoice i where i.account_id = a.id and i.open_cents <> 0 and i.open_cents > 0) as open_amount,
    (select count(*)::int from invoice i where i.account_id = a.id and i.open_cents <> 0 and i.open_cents > 0) as open_invoices,
    (select (coalesce(sum(open_cents), 0)::bigint * 0.01)::text from invoice i where i.account_id = a.id and i.open_cents <> 0 and i.open_cents > 0 and i.due_on < app.today()) as overdue_amount,
    (select count(*)::int from subscription s where s.account_id = a.id and s.status not in ('ENDED', 'VOIDED')) as subscription_count,
    (select count(*)::int from domain d where d.account_id = a.id and d.status not in ('TRANSFERRED_OUT', 'RELEASED', 'FAILED')) as domain_count,
    (select coalesce(sum(disk_bytes), 0)::float8 from hosting_package h where h.account_id = a.id and h.status <> 'PURGED') as disk_bytes,
    (select coalesce(sum(traffic_bytes) filter (where measured_at >= (date_trunc('month', app.today()) at time zone 'Europe/Amsterdam')), 0)::float8 from hosting_package h where h.account_id = a.id and h.status <> 'PURGED') as traffic_bytes,
    (select count(*)::int from ticket t where t.account_id = a.id and t.status in ('OPEN', 'WAITING_FOR_STAFF', 'WAITING_FOR_CUSTOMER')) as ticket_count,
    (select count(*)::int from notification n where n.account_id = a.id and n.read_at is null) as unread_count
  from account a;
comment on view peer.account is E'@primaryKey uid\n@foreignKey (partner_uid) references peer.account (uid)|@fieldName partner|@foreignFieldName customers';

create view peer.unread with (security_invoker) as
  select id as uid, app.key('ntf', id) as id, account_id as account_uid, kind, created_at as moment, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at from notification where read_at is null;
comment on view peer.unread is E'@primaryKey uid\n@foreignKey (account_uid) references peer.account (uid)|@foreignFieldName unread';

create view peer.invoice with (security_invoker) as
  select id as uid, app.key('inv', id) as id, account_id as account_uid, number, kind, issued_on, due_on,
    case when kind = 'CREDIT_NOTE' then 'SETTLED' when open_cents <= 0 and credited_cents > 0 and credited_cents >= total_cents then 'CREDITED' when open_cents <= 0 then 'PAID'
      when written_off then 'WRITTEN_OFF' when disputed then 'DISPUTED' when in_arrangement then 'IN_ARRANGEMENT' when due_on < app.today() then 'OVERDUE'
      when allocated_cents > 0 or credited_cents > 0 then 'PARTIALLY_PAID' else 'OPEN' end as status,
    (open_cents * 0.01)::text as open_amount, (net_cents * 0.01)::text as excluding_vat, (vat_cents * 0.01)::text as vat, (total_cents * 0.01)::text as including_vat
  from invoice where state = 'ISSUED' and issued_on >= '2014-01-01';
comment on view peer.invoice is E'@primaryKey uid\n@foreignKey (account_uid) references peer.account (uid)|@foreignFieldName invoices';

create view peer.due with (security_invoker) as
  select id as uid, app.key('inv', id) as id, account_id as account_uid, number, issued_on, due_on, case when due_on < app.today() then 'OVERDUE' else 'OPEN' end as status, (open_cents * 0.01)::text as open_amount
  from invoice where state = 'ISSUED' and issued_on >= '2014-01-01' and kind = 'INVOICE' and open_cents <> 0 and open_cents > 0
    and not (written_off or disputed or in_arrangement) and (due_on < app.today() or allocated_cents <= 0 and credited_cents <= 0);
comment on view peer.due is E'@primaryKey uid\n@foreignKey (account_uid) references peer.account (uid)|@foreignFieldName due';

create view peer.product with (security_invoker) as select id as uid, name_nl as name, kind from product;
comment on view peer.product is E'@primaryKey uid';

create view peer.service with (security_invoker) as
  select id as uid, app.key('sub', id) as id, account_id as account_uid, product_id as product_uid, label, status, period_end_on as renews_on, ends_on, last_cancel_on, next_invoice_on,
    ((next_invoice_net_cents + next_invoice_vat_cents) * 0.01)::text as next_including,
    (coalesce(price_cents, quantity * (select pp.amount_cents from product_price pp where pp.product_id = s.product_id and pp.term_months = s.term_months and pp.valid_from <= app.today() order by pp.valid_from desc limit 1)) * 0.01)::text as price
  from subscription s where status not in ('ENDED', 'VOIDED');
comment on view peer.service is E'@primaryKey uid\n@foreignKey (account_uid) references peer.account (uid)|@foreignFieldName subscriptions\n@foreignKey (product_uid) references peer.product (uid)|@fieldName product';

create view peer.domain with (security_invoker) as
  select subscription_id as service_uid, app.key('dom', id) as id, name, expires_on, auto_renew from domain where subscription_id is not null;
comment on view peer.domain is E'@primaryKey service_uid\n@foreignKey (service_uid) references peer.service (uid)|@foreignFieldName domain';

create view peer.package with (security_invoker) as
  select id as uid, account_id as account_uid, subscription_id as service_uid, app.key('hst', id) as id, name, disk_bytes::float8 as disk_bytes, floor(disk_bytes::float8 / disk_limit_bytes * 100)::int as disk_percent,
    traffic_bytes::float8 as traffic_bytes, floor(traffic_bytes::float8 / traffic_limit_bytes * 100)::int as traffic_percent, app.now() - measured_at > interval '24 hours' as stale
  from hosting_package where status <> 'PURGED';
comment on view peer.package is E'@primaryKey uid\n@unique service_uid\n@foreignKey (account_uid) references peer.account (uid)|@foreignFieldName packages\n@foreignKey (service_uid) references peer.service (uid)|@foreignFieldName package';

create view peer.cancellation with (security_invoker) as
  select subscription_id as service_uid, app.key('can', id) as id, status, effective_on from cancellation where status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED');
comment on view peer.cancellation is E'@primaryKey service_uid\n@foreignKey (service_uid) references peer.service (uid)|@foreignFieldName cancellation';

create view peer.offer with (security_invoker) as
  select subscription_id as service_uid, app.key('off', id) as id, status from renewal_offer where status in ('SCHEDULED', 'OPEN', 'ACCEPTED', 'DECLINED');
comment on view peer.offer is E'@primaryKey service_uid\n@foreignKey (service_uid) references peer.service (uid)|@foreignFieldName offer';

grant select on all tables in schema peer to panel_customer, panel_partner, panel_staff;

-- Who asks, in one place of the schema.
create function peer.me() returns peer.person stable language sql as $$ select * from peer.person $$;
