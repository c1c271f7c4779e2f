select json_build_object('viewer', json_build_object('account', json_build_object('customers', json_build_object(
  'totalCount', (select count(*) from account a where a.partner_id = $1),
  'nodes', coalesce((select json_agg(json_build_object('id', app.key('acc', a.id), 'number', a.number, 'name', a.name, 'status', a.status,
    'nextInvoice', case when a.next_invoice_on is not null then json_build_object('on', a.next_invoice_on, 'price', json_build_object('includingVat', json_build_object('amount', ((a.next_invoice_net_cents + a.next_invoice_vat_cents) * 0.01)::text))) end,
    'summary', json_build_object('openAmount', json_build_object('amount', (i.open * 0.01)::text), 'openInvoiceCount', i.n,
      'activeSubscriptionCount', (select count(*) from subscription s where s.account_id = a.id and s.status not in ('ENDED', 'VOIDED')),
      'domainCount', (select count(*) from domain d where d.account_id = a.id and d.status not in ('TRANSFERRED_OUT', 'RELEASED', 'FAILED')), 'diskBytes', h.disk, 'trafficBytes', h.traffic),
    'subscriptions', json_build_object('totalCount', (select count(*) from subscription s where s.account_id = a.id and s.status not in ('ENDED', 'VOIDED')),
      'nodes', coalesce((select json_agg(json_build_object('label', s.label, 'status', s.status, 'renewsOn', s.period_end_on, 'product', (select json_build_object('name', p.name_nl) from product p where p.id = s.product_id)))
        from (select * from subscription s where s.account_id = a.id and s.status not in ('ENDED', 'VOIDED') order by s.period_end_on, s.id limit 2) s), '[]')),
    'invoices', json_build_object('nodes', coalesce((select json_agg(json_build_object('number', i.number, 'dueOn', i.due_on,
          'status', case when i.due_on < app.today() then 'OVERDUE' else 'OPEN' end, 'openAmount', json_build_object('amount', (i.open_cents * 0.01)::text)))
        from (select * from invoice i where i.account_id = a.id and i.state = 'ISSUED' and i.issued_on >= '2014-01-01' and i.kind = 'INVOICE' and i.open_cents <> 0 and i.open_cents > 0
          and not (i.written_off or i.disputed or i.in_arrangement) and (i.due_on < app.today() or i.allocated_cents <= 0 and i.credited_cents <= 0)
          order by i.issued_on desc, i.id desc limit 2) i), '[]')),
    'hostingPackages', json_build_object('nodes', coalesce((select json_agg(json_build_object('name', h.name, 'usage', case when h.measured_at is not null then json_build_object(
          'diskPercent', floor(h.disk_bytes::float8 / h.disk_limit_bytes * 100), 'trafficPercent', floor(h.traffic_bytes::float8 / h.traffic_limit_bytes * 100)) end))
        from (select * from hosting_package h where h.account_id = a.id and h.status <> 'PURGED' order by h.name, h.id limit 1) h), '[]'))))
    from (select * from account a where a.partner_id = $1 order by a.name, a.id limit 50) a,
      lateral (select count(*) as n, coalesce(sum(open_cents), 0)::bigint as open from invoice i where i.account_id = a.id and i.open_cents <> 0 and i.open_cents > 0) i,
      lateral (select coalesce(sum(disk_bytes), 0)::bigint as disk, coalesce(sum(traffic_bytes) filter (where measured_at >= (date_trunc('month', app.today()) at time zone 'Europe/Amsterdam')), 0)::bigint as traffic from hosting_package h where h.account_id = a.id and h.status <> 'PURGED') h), '[]')))))
