-- {n} further rows of everything that is listed, for account {k}: values repeat, so that ties must be broken, and every state
-- occurs. Names and numbers are ASCII in lower case, so that any collation orders them alike. Ids are md5('many<type>-{k}-<i>').
insert into product (id, code, kind, name_nl, name_en, position, orderable, created_at)
  select md5('manyproduct-' || i)::uuid, 'MANY-' || i, (array['HOSTING', 'RESELLER', 'VPS', 'DOMAIN', 'CERTIFICATE', 'MAIL', 'BACKUP', 'SERVICE', 'OVERAGE', 'OTHER'])[1 + i % 10], 'product ' || i, 'product ' || i, i % 3, i % 2 = 0, '2020-01-01Z'
  from generate_series(1, {n}) i on conflict do nothing;
insert into subscription (id, account_id, product_id, label, term_months, anchor_on, period_start_on, period_end_on, billed_until_on, status, ends_on, created_at)
  select md5('manysubscription-{k}-' || i)::uuid, md5('account-{k}')::uuid, md5('manyproduct-' || i)::uuid, 'canary-{k}-many-' || i % 4, 12, '2026-05-01', '2026-05-01', '2027-02-27'::date + i % 3, '2027-05-01',
    (array['PENDING', 'ACTIVE', 'CANCELLATION_REQUESTED', 'ENDING', 'SUSPENDED', 'ON_HOLD', 'ENDED', 'VOIDED'])[1 + i % 8], '2027-05-01', '2026-05-01Z'::timestamptz + i % 2 * interval '1 microsecond' from generate_series(1, {n}) i;
insert into cancellation (id, account_id, subscription_id, mode, status, received_at, entered_at, effective_on)
  select md5('manycancellation-{k}-' || i)::uuid, md5('account-{k}')::uuid, md5('manysubscription-{k}-' || i)::uuid, 'END_OF_TERM',
    (array['OPEN', 'AWAITING_DOMAIN_DECISION', 'IN_PROGRESS', 'CONFIRMED', 'EXECUTED', 'WITHDRAWN', 'REJECTED'])[1 + i % 7], '2026-10-25T00:59:59Z'::timestamptz + i % 3 * interval '1 second', '2026-11-01Z', '2027-05-01' from generate_series(1, {n}) i;
insert into renewal_offer (id, account_id, subscription_id, renews_on, term_months, net_cents, vat_cents, status, sends_on, created_at)
  select md5('manyoffer-{k}-' || i)::uuid, md5('account-{k}')::uuid, md5('manysubscription-{k}-' || i)::uuid, '2027-02-27'::date + i % 3, 12, 100, 21,
    (array['SCHEDULED', 'OPEN', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'SUPERSEDED'])[1 + i % 6], '2027-01-01', '2026-11-01Z' from generate_series(1, {n}) i;
insert into invoice (id, account_id, kind, state, number, origin, issued_on, due_on, net_cents, vat_cents, allocated_cents, credited_cents, disputed, in_arrangement, written_off, search, created_at)
  select md5('manyinvoice-{k}-' || i)::uuid, md5('account-{k}')::uuid, case i % 5 when 0 then 'CREDIT_NOTE' else 'INVOICE' end, 'ISSUED', 'canary-{k}-many-' || lpad(i::text, 4, '0'), 'MANUAL', '2024-02-28'::date + i % 3, '2026-11-18'::date + i % 4,
    case i % 5 when 0 then -100 else i % 4 * 100 end, 0, case when i % 5 = 0 then 0 when i % 6 = 4 then i % 4 * 50 when i % 6 = 5 then i % 4 * 100 else 0 end, case when i % 5 <> 0 and i % 6 = 3 then i % 4 * 100 else 0 end,
    i % 11 = 1, i % 13 = 2, i % 17 = 3, 'canary-{k}-many-' || lpad(i::text, 4, '0') || ' webhosting', '2024-02-28Z' from generate_series(1, {n}) i;
insert into payment (id, account_id, method, status, amount_cents, reference, created_at)
  select md5('manypayment-{k}-' || i)::uuid, md5('account-{k}')::uuid, 'IDEAL', 'PAID', 100 + i, 'canary-{k}-many', '2026-03-05Z'::timestamptz + i % 3 * interval '1 second' from generate_series(1, {n}) i;
insert into quote (id, account_id, number, title, status, valid_until_on, net_cents, vat_cents, created_at)
  select md5('manyquote-{k}-' || i)::uuid, md5('account-{k}')::uuid, 'canary-{k}-many-' || i, 'canary-{k}-many', (array['SENT', 'ACCEPTED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED'])[1 + i % 6], '2026-12-18', 100, 21, '2026-11-18Z'::timestamptz + i % 3 * interval '1 second' from generate_series(1, {n}) i;
insert into customer_order (id, account_id, number, status, net_cents, vat_cents, created_at)
  select md5('manyorder-{k}-' || i)::uuid, md5('account-{k}')::uuid, 'canary-{k}-many-' || i, (array['CART', 'PLACED', 'UNDER_REVIEW', 'APPROVED', 'DELIVERING', 'PARTIALLY_DELIVERED', 'COMPLETED', 'REJECTED', 'FAILED', 'CANCELED'])[1 + i % 10], 100, 21, '2026-11-19Z'::timestamptz + i % 3 * interval '1 second' from generate_series(1, {n}) i;
insert into domain (id, account_id, name, status, expires_on, auto_renew, created_at)
  select md5('manydomain-{k}-' || i)::uuid, md5('account-{k}')::uuid, case when i % 12 > 8 then 'canary-{k}-gone.nl' else 'canary-{k}-many-' || i || (array['.nl', '.com', '.co.uk'])[1 + i % 3] end,
    (array['REQUESTED', 'PENDING_REGISTRATION', 'PENDING_TRANSFER_IN', 'ACTIVE', 'TRANSFER_OUT_PENDING', 'EXPIRED_GRACE', 'QUARANTINE', 'REDEMPTION', 'PENDING_DELETE', 'TRANSFERRED_OUT', 'RELEASED', 'FAILED'])[1 + i % 12],
    case when i % 12 > 2 then '2027-05-01'::date + i % 3 end, i % 2 = 0, '2026-05-01Z'::timestamptz + i % 2 * interval '1 microsecond' from generate_series(1, {n}) i;
insert into hosting_package (id, account_id, name, status, disk_limit_bytes, disk_bytes, created_at)
  select md5('manyhosting-{k}-' || i)::uuid, md5('account-{k}')::uuid, 'canary-{k}-many-' || i % 4, (array['PROVISIONING', 'ACTIVE', 'SUSPENDED', 'DELETION_SCHEDULED', 'DELETED_RECOVERABLE', 'PURGED', 'RESTORING'])[1 + i % 7], 100, i, '2026-05-01Z'::timestamptz + i % 2 * interval '1 microsecond' from generate_series(1, {n}) i;
insert into notification (id, account_id, kind, data, created_at, read_at)
  select md5('manynotification-{k}-' || i)::uuid, md5('account-{k}')::uuid, (array['INVOICE_PAID', 'USAGE_80', 'TICKET_REPLY'])[1 + i % 3], '{"number": "canary-{k}-many"}', '2026-11-01Z'::timestamptz + i % 3 * interval '1 microsecond', case i % 2 when 0 then '2026-11-02Z'::timestamptz end from generate_series(1, {n}) i;
insert into change_request (id, account_id, status, reason, submitted_at)
  select md5('manychange-{k}-' || i)::uuid, md5('account-{k}')::uuid, (array['OPEN', 'IN_REVIEW', 'APPROVED', 'PARTLY_APPROVED', 'REJECTED', 'WITHDRAWN'])[1 + i % 6], 'canary-{k}-many', '2026-11-01Z'::timestamptz + i % 3 * interval '1 second' from generate_series(1, {n}) i;
insert into ticket (id, account_id, number, subject, category, status, opened_at, last_message_at)
  select md5('manyticket-{k}-' || i)::uuid, md5('account-{k}')::uuid, 'canary-{k}-many-' || i, 'canary-{k}-many', (array['GENERAL', 'TECHNICAL', 'CANCELLATION', 'UNDO_DELETION', 'PAYMENT_ARRANGEMENT', 'INVOICE_DISPUTE', 'DATA_REQUEST'])[1 + i % 7],
    (array['OPEN', 'WAITING_FOR_STAFF', 'WAITING_FOR_CUSTOMER', 'RESOLVED', 'CLOSED'])[1 + i % 5], '2026-11-01Z', '2026-11-02Z'::timestamptz + i % 3 * interval '1 second' from generate_series(1, {n}) i;
insert into ticket_message (id, ticket_id, account_id, author, author_name, body, sent_at)
  select md5('manymessage-{k}-' || i)::uuid, md5('ticket-{k}')::uuid, md5('account-{k}')::uuid, 'STAFF', 'canary-{k}-many', 'canary-{k}-many', '2026-11-02Z'::timestamptz + i % 3 * interval '1 second' from generate_series(1, {n}) i;
insert into api_token (id, user_id, account_id, kind, name, hint, token_hash, scopes, created_at, expires_at)
  select md5('manyapitoken-{k}-' || i)::uuid, md5('user-{k}')::uuid, md5('account-{k}')::uuid, 'CUSTOMER', 'canary-{k}-many', 'kp_many', decode(md5('manyapitoken-{k}-' || i), 'hex'), '{billing:read}', '2026-11-01Z'::timestamptz + i % 3 * interval '1 second', '2099-01-01Z' from generate_series(1, {n}) i;
insert into login_attempt (id, user_id, at, outcome)
  select md5('manyattempt-{k}-' || i)::uuid, md5('user-{k}')::uuid, '2026-11-01Z'::timestamptz + i % 3 * interval '1 second', (array['SUCCESS', 'WRONG_PASSWORD', 'SECOND_FACTOR_REQUIRED', 'WRONG_SECOND_FACTOR', 'LOCKED', 'DISABLED', 'UNKNOWN_USER'])[1 + i % 7] from generate_series(1, {n}) i;
