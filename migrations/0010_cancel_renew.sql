-- What cancelling, renewing and withdrawing keep besides: until when it can be undone, what caused it, the link in the mail
-- of an offer, the evidence of an answer (state-machines §2-4).

alter table cancellation
  add undo_until timestamptz,                                           -- until then the customer takes it back by itself; after it only staff do (1.7)
  add owed_until_on date,                                               -- days before it stay owed, what is billed from it on is credited (invariant 15)
  add caused_by_id uuid references cancellation,                        -- of the service whose cancellation stops this domain name too (M-08)
  add switch_extended_at timestamptz,                                   -- the customer extends the transition of a switch once (rules 3.8)
  add withdrawal_id uuid;
create index on cancellation (caused_by_id) where caused_by_id is not null;
create index on cancellation (withdrawal_id) where withdrawal_id is not null;

alter table renewal_offer
  add token_hash bytea,                                                 -- sha256 of the token in the link of the mail: one for all offers of an account for a day
  add vat_rate int check (vat_rate between 0 and 10000),                -- as mailed, so that several offers add up as their invoice will
  add mails smallint not null default 0 check (mails between 0 and 3),  -- of 1 + reminders, how many were written
  add answered_by uuid references app_user,
  add answered_ip inet,
  add answered_agent text not null default '',
  add answered_button text not null default '',                         -- the words on the button: they must name the payment obligation (rules 3.7)
  add asked_early_start boolean not null default false;                 -- asked expressly to start within the 14 days (rules 3.5)
create index on renewal_offer (token_hash) where token_hash is not null;
create index on renewal_offer (account_id, renews_on) where status = 'OPEN';

alter table customer_order add asked_early_start boolean not null default false; -- asked expressly to start within the 14 days (rules 3.5)

create table withdrawal (                                               -- a consumer withdraws from a contract (state-machines §4, rules 3.5-3.6)
  id uuid primary key,
  account_id uuid not null references account,
  order_id uuid references customer_order,                              -- the contract: an order,
  offer_id uuid references renewal_offer,                               -- or an accepted renewal
  status text not null check (status in ('DECLARED', 'ACCEPTED', 'REFUNDED', 'REFUSED')),
  name text not null,                                                   -- of the statement
  email text not null,                                                  -- where the acknowledgement goes
  declared_at timestamptz not null,                                     -- the legal time of receipt
  entered_at timestamptz not null,
  channel text not null default 'PANEL' check (channel in ('PANEL', 'EMAIL', 'PHONE', 'POST', 'CHAT', 'TICKET')),
  evidence text not null default '',
  credit_net_cents bigint not null default 0, credit_vat_cents bigint not null default 0,
  refund_cents bigint not null default 0 check (refund_cents >= 0),     -- what was paid of it
  refund_by_on date,                                                    -- at the latest, 14 days after it was declared
  payment_id uuid references payment,                                   -- the refund
  check (num_nonnulls(order_id, offer_id) = 1));
create index on withdrawal (account_id, declared_at, id);
create index on withdrawal (order_id) where order_id is not null;
create unique index withdrawal_of_renewal on withdrawal (offer_id) where offer_id is not null and status <> 'REFUSED';
select app.protect('withdrawal', 'service:read', 'subscription:manage');
alter table cancellation add foreign key (withdrawal_id) references withdrawal;

-- A customer previews by the same statement as the engine, which asks what waits for staff too: it is asked, and shows nothing.
grant select on billing_hold to panel_customer, panel_partner;

-- What is behind the link in the mail of an offer, for whoever has it: no login is needed (P-25, P-31), and nothing changes.
create function app.renewal_by_token(hash bytea) returns text stable language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select json_build_object('accountid', a.id, 'name', a.name, 'renewson', o.renews_on, 'brandid', a.brand_id,
    'offers', json_agg(json_build_object('id', o.id, 'subscriptionid', o.subscription_id, 'label', s.label, 'productid', s.product_id, 'termmonths', o.term_months,
      'netcents', o.net_cents, 'vatcents', o.vat_cents, 'vatrate', o.vat_rate, 'status', o.status, 'renewson', o.renews_on, 'answeredat', o.answered_at,
      'anchoron', s.anchor_on) order by s.created_at, s.id))::text
  from renewal_offer o join subscription s on s.id = o.subscription_id join account a on a.id = o.account_id
  where o.token_hash = hash group by a.id, o.renews_on $$;
revoke execute on function app.renewal_by_token(bytea) from public;
grant execute on function app.renewal_by_token(bytea) to panel_visitor, panel_customer, panel_partner, panel_staff, panel_system;
