select json_build_object('viewer', json_build_object('id', app.key('usr', u.id), 'kind', app.kind(), 'name', u.name, 'account', (
  select json_build_object('id', app.key('acc', a.id), 'number', a.number, 'name', a.name, 'kind', a.kind,
    'balance', json_build_object('amount', (a.balance_cents * 0.01)::text),
    'nextInvoice', case when a.next_invoice_on is not null then json_build_object('on', a.next_invoice_on, 'price', json_build_object(
      'excludingVat', json_build_object('amount', (a.next_invoice_net_cents * 0.01)::text), 'vat', json_build_object('amount', (a.next_invoice_vat_cents * 0.01)::text),
      'includingVat', json_build_object('amount', ((a.next_invoice_net_cents + a.next_invoice_vat_cents) * 0.01)::text))) end,
    'summary', json_build_object('openAmount', json_build_object('amount', (i.open * 0.01)::text), 'openInvoiceCount', i.n, 'overdueAmount', json_build_object('amount', (i.overdue * 0.01)::text),
      'activeSubscriptionCount', (select count(*) from subscription s where s.account_id = $1 and s.status not in ('ENDED', 'VOIDED')),
      'domainCount', (select count(*) from domain d where d.account_id = $1 and d.status not in ('TRANSFERRED_OUT', 'RELEASED', 'FAILED')),
      'diskBytes', h.disk, 'trafficBytes', h.traffic,
      'openTicketCount', (select count(*) from ticket t where t.account_id = $1 and t.status in ('OPEN', 'WAITING_FOR_STAFF', 'WAITING_FOR_CUSTOMER')),
      'unreadNotificationCount', (select count(*) from notification n where n.account_id = $1 and n.read_at is null)),
    'notifications', json_build_object('nodes', coalesce((select json_agg(json_build_object('id', app.key('ntf', n.id), 'kind', n.kind, 'createdAt', to_char(n.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
      from (select n.id, n.kind, n.created_at from notification n where n.account_id = $1 and n.read_at is null order by n.created_at desc, n.id desc limit 5) n), '[]')),
    'invoices', json_build_object('totalCount', (select count(*) from invoice i where i.account_id = $1 and i.state = 'ISSUED' and i.issued_on >= '2014-01-01'),
      'nodes', coalesce((select json_agg(json_build_object('id', app.key('inv', i.id), 'number', i.number, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'status',
          case when i.kind = 'CREDIT_NOTE' then 'SETTLED' when i.open_cents <= 0 and i.credited_cents > 0 and i.credited_cents >= i.total_cents then 'CREDITED' when i.open_cents <= 0 then 'PAID'
            when i.written_off then 'WRITTEN_OFF' when i.disputed then 'DISPUTED' when i.in_arrangement then 'IN_ARRANGEMENT' when i.due_on < app.today() then 'OVERDUE'
            when i.allocated_cents > 0 or i.credited_cents > 0 then 'PARTIALLY_PAID' else 'OPEN' end,
          'openAmount', json_build_object('amount', (i.open_cents * 0.01)::text), 'total', json_build_object('includingVat', json_build_object('amount', (i.total_cents * 0.01)::text))))
        from (select * from invoice i where i.account_id = $1 and i.state = 'ISSUED' and i.issued_on >= '2014-01-01' order by i.issued_on desc, i.id desc limit 5) i), '[]')),
    'subscriptions', json_build_object('totalCount', (select count(*) from subscription s where s.account_id = $1 and s.status not in ('ENDED', 'VOIDED')),
      'nodes', coalesce((select json_agg(json_build_object('id', app.key('sub', s.id), 'label', s.label, 'status', s.status, 'renewsOn', s.period_end_on, 'endsOn', s.ends_on, 'lastCancelOn', s.last_cancel_on,
          'nextInvoice', case when s.next_invoice_on is not null then json_build_object('on', s.next_invoice_on, 'price', json_build_object('includingVat', json_build_object('amount', ((s.next_invoice_net_cents + s.next_invoice_vat_cents) * 0.01)::text))) end,
          'price', json_build_object('amount', (coalesce(s.price_cents, s.quantity * (select pp.amount_cents from product_price pp where pp.product_id = s.product_id and pp.term_months = s.term_months and pp.valid_from <= app.today() order by pp.valid_from desc limit 1)) * 0.01)::text),
          'product', (select json_build_object('name', p.name_nl, 'kind', p.kind) from product p where p.id = s.product_id),
          'domain', (select json_build_object('id', app.key('dom', d.id), 'name', d.name, 'expiresOn', d.expires_on, 'autoRenew', d.auto_renew) from domain d where d.subscription_id = s.id),
          'hostingPackage', (select json_build_object('id', app.key('hst', h.id), 'name', h.name, 'usage', case when h.measured_at is not null then json_build_object('diskBytes', h.disk_bytes, 'diskPercent', floor(h.disk_bytes::float8 / h.disk_limit_bytes * 100),
            'trafficBytes', h.traffic_bytes, 'trafficPercent', floor(h.traffic_bytes::float8 / h.traffic_limit_bytes * 100), 'stale', app.now() - h.measured_at > interval '24 hours') end) from hosting_package h where h.subscription_id = s.id),
          'cancellation', (select json_build_object('id', app.key('can', c.id), 'status', c.status, 'effectiveOn', c.effective_on) from cancellation c where c.subscription_id = s.id and c.status in ('OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED')),
          'renewalOffer', (select json_build_object('id', app.key('off', o.id), 'status', o.status) from renewal_offer o where o.subscription_id = s.id and o.status in ('SCHEDULED', 'OPEN', 'ACCEPTED', 'DECLINED') limit 1)))
        from (select * from subscription s where s.account_id = $1 and s.status not in ('ENDED', 'VOIDED') order by s.period_end_on, s.id limit 100) s), '[]')))
  from account a,
    lateral (select count(*) as n, coalesce(sum(open_cents), 0)::bigint as open, coalesce(sum(open_cents) filter (where due_on < app.today()), 0)::bigint as overdue from invoice i where i.account_id = $1 and i.open_cents <> 0 and i.open_cents > 0) i,
    lateral (select coalesce(sum(disk_bytes), 0)::bigint as disk, coalesce(sum(traffic_bytes) filter (where measured_at >= (date_trunc('month', app.today()) at time zone 'Europe/Amsterdam')), 0)::bigint as traffic from hosting_package h where h.account_id = $1 and h.status <> 'PURGED') h
  where a.id = $1)))
from app_user u where u.id = $2
