//! One type per kind of id, so that a client's id cannot be passed where a worker's is meant.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    OrganisationId,
    ServiceId,
    WorkerId,
    ClientId,
    DeviceId,
    SessionId,
    /// One version of a question.
    ItemId,
    /// All versions of a question.
    SeriesId,
    CheckInId,
    FlagId,
    ContactRequestId,
    ResourceId,
    ImageId,
    /// Something of the client's own in their pack.
    AdditionId,
    BaselineId,
    PlanVersionId,
    ReminderId,
    /// One wording of a reminder.
    ReminderChangeId,
    OccurrenceId,
    SubscriptionId,
    /// Something that somebody is told outside the apps.
    NotificationId,
    /// A notification on its way to one subscription, or by one channel.
    DeliveryId,
    /// A way to ring a worker.
    ChannelId,
    /// One version of a service's rota.
    RotaId,
    SwapId,
    AbsenceId,
    HandoverId,
    EscalationId,
    DrillId,
}
