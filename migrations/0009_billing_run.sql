-- What the daily job keeps: how far it is, what waits for staff, why a line was billed when it was (state-machines §13).

-- Brands with the same prefix share a series of numbers, as trade names of one legal entity do.
alter table brand add invoice_prefix text not null default '' check (invoice_prefix ~ '^[A-Z0-9-]{0,8}$');

-- At most one automatic invoice per account and day (invariant 11): the key of a run.
create unique index invoice_one_run on invoice (account_id, issued_on) where origin = 'RUN';

alter table invoice_line
  add rule text not null default '' check (rule in ('', 'CALENDAR', 'GROUPED', 'MONTHLY', 'FIRST', 'CONSUMER')), -- invariant 10; '' for what no run decided
  add late boolean not null default false,                              -- billed after its own date (V34)
  add last_cancel_on date;                                              -- printed on the invoice: notice until then ends the service before this period

create table billing_hold (                                             -- due, but not billed as it is: staff decide
  account_id uuid primary key references account,
  reason text not null check (reason in ('VAT', 'PRICE')),
  since_on date not null);
select app.staff_only('billing_hold', 'desk:manage');

alter table renewal_offer add reminders smallint not null default 0 check (reminders between 0 and 2); -- 3.3: at R-7 and R-1

create index on subscription (ends_on) where ends_on is not null and status not in ('ENDED', 'VOIDED');
create index on cancellation (effective_on) where status in ('OPEN', 'IN_PROGRESS', 'CONFIRMED');

create table daily_step (                                               -- how far the daily job of a day is
  day date not null,
  step text not null,
  done int not null default 0,                                          -- accounts
  failed int not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,                                              -- null: it runs, or was interrupted; running again does the rest
  primary key (day, step));
grant select on daily_step to panel_staff;
grant select, insert, update on daily_step to panel_system;
