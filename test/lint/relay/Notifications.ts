declare function graphql(source: TemplateStringsArray): unknown;

export const markRead = graphql`
  mutation NotificationsMarkReadMutation($input: NotificationsMarkReadInput!) {
    notificationsMarkRead(input: $input) {
      markedCount
      errors {
        __typename
        ... on UserError {
          code
          message
          path
        }
      }
      query {
        viewer {
          account {
            summary {
              unreadNotificationCount
            }
          }
        }
      }
    }
  }
`;

export const added = graphql`
  subscription NotificationsAddedSubscription($accountId: ID) {
    notificationAdded(accountId: $accountId) {
      ...Notifications_item
      account {
        id
      }
    }
  }
`;

export const item = graphql`
  fragment Notifications_item on Notification @refetchable(queryName: "NotificationsItemQuery") {
    kind
    text
    readAt
    subject {
      __typename
      id
      ... on Invoice {
        number
      }
    }
  }
`;
