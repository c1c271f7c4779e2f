import { Trans } from '@lingui/react/macro';
import { Check, CircleAlert, CircleDashed, CirclePause, Clock, Undo2 } from 'lucide-react';
import type { graphql } from '../graphql/tada';
import { Badge } from './badge';

type InvoiceStatus = ReturnType<typeof graphql.scalar<'InvoiceStatus'>>;
type SubscriptionStatus = ReturnType<typeof graphql.scalar<'SubscriptionStatus'>>;

/** The state of an invoice, in a word that says whether the reader has to act. */
export function InvoiceBadge({ status }: { status: InvoiceStatus }) {
  switch (status) {
    case 'OVERDUE':
      return (
        <Badge tone="bad" icon={<CircleAlert />}>
          <Trans>Overdue</Trans>
        </Badge>
      );
    case 'OPEN':
      return (
        <Badge tone="warn" icon={<Clock />}>
          <Trans context="invoice">Open</Trans>
        </Badge>
      );
    case 'PARTIALLY_PAID':
      return (
        <Badge tone="warn" icon={<Clock />}>
          <Trans>Partly paid</Trans>
        </Badge>
      );
    case 'PAID':
    case 'SETTLED':
      return (
        <Badge tone="ok" icon={<Check />}>
          <Trans context="invoice">Paid</Trans>
        </Badge>
      );
    case 'DISPUTED':
      return (
        <Badge tone="info" icon={<CirclePause />}>
          <Trans>Disputed</Trans>
        </Badge>
      );
    case 'IN_ARRANGEMENT':
      return (
        <Badge tone="info" icon={<CirclePause />}>
          <Trans>Payment arrangement</Trans>
        </Badge>
      );
    case 'CREDITED':
      return (
        <Badge tone="mute" icon={<Undo2 />}>
          <Trans>Credited</Trans>
        </Badge>
      );
    case 'WRITTEN_OFF':
      return (
        <Badge tone="mute">
          <Trans>Written off</Trans>
        </Badge>
      );
  }
}

/** The state of a subscription. */
export function SubscriptionBadge({ status }: { status: SubscriptionStatus }) {
  switch (status) {
    case 'ACTIVE':
      return (
        <Badge tone="ok" icon={<Check />}>
          <Trans context="subscription">Active</Trans>
        </Badge>
      );
    case 'PENDING':
      return (
        <Badge tone="info" icon={<CircleDashed />}>
          <Trans>Being set up</Trans>
        </Badge>
      );
    case 'CANCELLATION_REQUESTED':
      return (
        <Badge tone="info" icon={<CircleDashed />}>
          <Trans>Cancellation received</Trans>
        </Badge>
      );
    case 'ENDING':
      return (
        <Badge tone="info" icon={<CircleDashed />}>
          <Trans context="subscription">Ends</Trans>
        </Badge>
      );
    case 'ON_HOLD':
    case 'SUSPENDED':
      return (
        <Badge tone="bad" icon={<CirclePause />}>
          <Trans context="subscription">Suspended</Trans>
        </Badge>
      );
    case 'ENDED':
    case 'VOIDED':
      return (
        <Badge tone="mute">
          <Trans context="subscription">Ended</Trans>
        </Badge>
      );
  }
}
