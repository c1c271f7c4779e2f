-- What customers and staff tell each other: notifications, change requests, tickets, and everything that happened.

create table notification (                                             -- P-04, state-machines §0
  id uuid primary key,
  account_id uuid not null references account,
  kind text not null check (kind ~ '^[A-Z][A-Z0-9_]+$'),
  subject_type text not null default '', subject_id uuid,               -- the prefix of key, and the object's uuid
  data jsonb not null default '{}',                                     -- what the text needs: number, amount, day, name
  created_at timestamptz not null,
  read_at timestamptz,
  resolved_at timestamptz);
create index on notification (account_id, created_at, id);
create index on notification (account_id) where read_at is null;
select app.protect('notification', 'account:read', 'account:read');
grant update (read_at) on notification to panel_customer, panel_partner;

create table change_request (                                           -- P-06, state-machines §8
  id uuid primary key,
  account_id uuid not null references account,
  status text not null check (status in ('OPEN', 'IN_REVIEW', 'APPROVED', 'PARTLY_APPROVED', 'REJECTED', 'WITHDRAWN')),
  reason text not null default '',
  submitted_by uuid references app_user,
  submitted_at timestamptz not null,
  decided_at timestamptz,
  decision_reason text not null default '');
create index on change_request (account_id, submitted_at, id);
create index on change_request (submitted_at) where status in ('OPEN', 'IN_REVIEW');
select app.protect('change_request', 'account:read', 'account:manage');

create table change_request_field (
  change_request_id uuid not null references change_request,
  account_id uuid not null references account,
  field text not null check (field in ('COMPANY_NAME', 'FIRST_NAME', 'LAST_NAME', 'EMAIL', 'PHONE', 'LINE1', 'LINE2', 'POSTCODE', 'CITY', 'REGION', 'COUNTRY', 'KVK_NUMBER', 'VAT_ID', 'KIND', 'LANGUAGE')),
  old_value text not null, new_value text not null,
  decision text check (decision in ('APPROVED', 'REJECTED')),
  primary key (change_request_id, field));
create index on change_request_field (account_id);
select app.protect('change_request_field', 'account:read', 'account:manage');

create sequence ticket_number_seq start 100001;
create table ticket (                                                   -- state-machines §12
  id uuid primary key,
  account_id uuid not null references account,
  number text not null unique,
  subject text not null,
  category text not null default 'GENERAL' check (category in ('GENERAL', 'TECHNICAL', 'CANCELLATION', 'UNDO_DELETION', 'PAYMENT_ARRANGEMENT', 'INVOICE_DISPUTE', 'DATA_REQUEST')),
  status text not null check (status in ('OPEN', 'WAITING_FOR_STAFF', 'WAITING_FOR_CUSTOMER', 'RESOLVED', 'CLOSED')),
  opened_at timestamptz not null,
  last_message_at timestamptz not null,
  closed_at timestamptz);
create index on ticket (account_id, last_message_at, id);
create index on ticket (account_id, opened_at, id);
create index on ticket (last_message_at, id) where status in ('OPEN', 'WAITING_FOR_STAFF');
select app.protect('ticket', 'support:read', 'support:manage');

create table ticket_message (
  id uuid primary key,
  ticket_id uuid not null references ticket,
  account_id uuid not null references account,
  author text not null check (author in ('CUSTOMER', 'STAFF', 'SYSTEM')),
  author_name text not null,
  author_id uuid references app_user,
  body text not null,                                                   -- plain text
  channel text not null default 'PANEL' check (channel in ('PANEL', 'EMAIL', 'CHAT', 'PHONE')),
  sent_at timestamptz not null);
create index on ticket_message (ticket_id, sent_at, id);
create index on ticket_message (account_id);
select app.protect('ticket_message', 'support:read', 'support:manage');

create table ticket_note (                                              -- between colleagues
  id uuid primary key,
  ticket_id uuid not null references ticket,
  author_id uuid references app_user,
  body text not null,
  created_at timestamptz not null);
create index on ticket_note (ticket_id, created_at);
select app.staff_only('ticket_note', 'desk:read');

-- Everything that happened, once: the audit trail, and what mail, notifications, webhooks and live updates follow from.
create table event (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  at timestamptz not null,
  actor text not null,
  user_id uuid,
  account_id uuid,
  kind text not null,
  subject_id uuid,
  channel text, received_at timestamptz, reason text,
  data jsonb not null default '{}',
  relayed_at timestamptz);
create index on event (seq) where relayed_at is null;
create index on event (account_id, seq);
create index on event (subject_id, seq);
alter table event enable row level security;
alter table event force row level security;
create policy customer on event to panel_customer using (account_id = (select app.account_id())) with check (account_id = (select app.account_id()));
create policy partner on event to panel_partner using (account_id = any ((select app.account_ids())::uuid[])) with check (account_id = any ((select app.account_ids())::uuid[]));
create policy staff on event to panel_staff using (true) with check (true);
create policy auth on event for insert to panel_auth with check (true);
create policy machine on event for insert to panel_machine with check (true);
create policy system on event to panel_system using (true) with check (true);
grant insert on event to panel_customer, panel_partner, panel_auth, panel_machine;
grant select, insert on event to panel_staff;
grant select, insert, update (relayed_at) on event to panel_system;
create function app.forbid() returns trigger language plpgsql as $$
begin raise exception '% is append-only', tg_table_name using errcode = 'check_violation', constraint = 'append_only'; end $$;
create trigger append_only before delete or truncate on event for each statement execute function app.forbid();

-- Live updates: who is listening learns which account, which kind and which object; the rows are read by each listener as its own viewer.
create function app.announce() returns trigger language plpgsql as $$
begin
  perform pg_notify('panel_event', json_build_object('seq', new.seq, 'account', new.account_id, 'kind', new.kind, 'subject', new.subject_id)::text);
  return null;
end $$;
create trigger announce after insert on event for each row execute function app.announce();

create table message (                                                  -- every mail and letter, sent once for each key (invariant 8)
  id uuid primary key,                                                  -- the mail's Message-ID too: a repeat is the same mail
  account_id uuid references account,
  user_id uuid references app_user,                                     -- of mail about a login, which no account sees
  dedupe_key text not null unique,
  kind text not null,
  medium text not null check (medium in ('EMAIL', 'POST')),
  sender text not null default '', sender_name text not null default '',
  recipient text not null, recipient_name text not null default '',
  language text not null,
  subject text not null, body_text text not null, body_html text not null default '',
  secret bytea,                                                         -- the token of the link in it, sealed; gone once it is sent
  status text not null default 'QUEUED' check (status in ('QUEUED', 'SENT', 'BOUNCED', 'FAILED', 'MUTED')),
  attempts int not null default 0, next_attempt_at timestamptz,
  claimed_until timestamptz,                                            -- by the wall clock: until then a sender is busy with it
  last_error text not null default '',
  created_at timestamptz not null, sent_at timestamptz,
  check (account_id is null or user_id is null),
  check (status <> 'QUEUED' or next_attempt_at is not null));
create index on message (account_id, created_at, id);
create index on message (user_id, created_at) where user_id is not null;
create index on message (next_attempt_at) where status = 'QUEUED';
select app.protect('message', 'account:read', 'desk:manage');
grant insert on message to panel_auth;
create policy auth on message for insert to panel_auth with check (true);

create table import_ref (                                               -- which row of a source became which of ours: an import can be repeated and resumed
  source text not null, kind text not null, source_id text not null,
  target_id uuid not null,
  imported_at timestamptz not null,
  primary key (source, kind, source_id));
grant select, insert, update, delete on import_ref to panel_system;
create index on import_ref (target_id);

grant usage on all sequences in schema public to panel_customer, panel_partner, panel_staff, panel_system, panel_auth, panel_machine;
grant select, update on sequence account_number_seq, ticket_number_seq to panel_system; -- an import moves them past the numbers it brings

-- A notification is announced when it is there, whoever made it.
create function app.announce_notification() returns trigger language plpgsql as $$
begin
  perform pg_notify('panel_event', json_build_object('account', new.account_id, 'kind', 'notification.added', 'subject', new.id)::text);
  return null;
end $$;
create trigger announce after insert on notification for each row execute function app.announce_notification();
