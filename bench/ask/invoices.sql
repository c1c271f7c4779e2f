with page as materialized (
  select i.* from invoice i where i.account_id = $1 and i.state = 'ISSUED' and i.issued_on >= '2014-01-01' and (i.issued_on, i.id) < ($2::date, $3::uuid) order by i.issued_on desc, i.id desc limit 21)
select json_build_object('viewer', json_build_object('account', json_build_object('invoices', json_build_object(
  'nodes', coalesce((select json_agg(json_build_object('id', app.key('inv', i.id), 'number', i.number, 'kind', i.kind, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'status',
      case when i.kind = 'CREDIT_NOTE' then 'SETTLED' when i.open_cents <= 0 and i.credited_cents > 0 and i.credited_cents >= i.total_cents then 'CREDITED' when i.open_cents <= 0 then 'PAID'
        when i.written_off then 'WRITTEN_OFF' when i.disputed then 'DISPUTED' when i.in_arrangement then 'IN_ARRANGEMENT' when i.due_on < app.today() then 'OVERDUE'
        when i.allocated_cents > 0 or i.credited_cents > 0 then 'PARTIALLY_PAID' else 'OPEN' end,
      'openAmount', json_build_object('amount', (i.open_cents * 0.01)::text), 'total', json_build_object('excludingVat', json_build_object('amount', (i.net_cents * 0.01)::text),
        'vat', json_build_object('amount', (i.vat_cents * 0.01)::text), 'includingVat', json_build_object('amount', (i.total_cents * 0.01)::text))))
    from (select * from page limit 20) i), '[]'),
  'pageInfo', json_build_object('hasNextPage', (select count(*) > 20 from page))))))
