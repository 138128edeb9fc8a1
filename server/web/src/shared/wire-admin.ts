import type { Day, Instant, Nation, Role, Uuid } from './wire';
import type { ServiceKind, WorkerRef } from './wire-team';

// The admin's side of the wire, named as in the contract.

/** A worker as an admin sees them. Which services they belong to may come as ids or as references; both are read. */
export type AdminWorker = WorkerRef & {
  email: string;
  roles: Role[];
  active: boolean;
  service_ids?: Uuid[];
  services?: { id: Uuid; name: string }[];
};
export type NewWorker = { email: string; name: string; first_name: string; password: string; roles: Role[]; service_ids: Uuid[] };
export type WorkerChange = { active?: boolean; roles?: Role[]; service_ids?: Uuid[]; password?: string };

export type ServiceBody = { name: string; kind: ServiceKind };

export type Organisation = { name: string; brand_colour: string | null; phone: string | null; phone_hours: string | null; nation: Nation };

export type Check = { checked_on: Day; checked_by: string };
/** One look can be at several clients (a list): the server names them all. */
export type AuditRow = { seq: number; at: Instant; who: string | null; what: string; client_id?: Uuid | null; client_ids?: Uuid[] };
