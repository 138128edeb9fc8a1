// A plan while it is being written: what it starts from, what of it is not saved, and what has to be looked at before.
import { emptyBody, mustLook, wholeBody } from '../../../shared/plan/body';
import type { PlanBody, PlanVersion, Rule, TeamPlan } from '../../../shared/wire-plan';
import { faults, sent } from '../body';
import type { Kept } from '../kept';

export class Writing {
  body = $state<PlanBody>(emptyBody());
  basedOn = $state<string | null>(null);
  /** The rules of the text it is based on: they were looked at when they came in. */
  private rules = $state.raw<Rule[]>([]);
  private saved = $state('');

  readonly tidied = $derived(sent($state.snapshot(this.body)));
  readonly faults = $derived(faults(this.body));
  // What is begun and not finished is not sent, but somebody wrote it.
  readonly changed = $derived(this.faults.length > 0 || JSON.stringify(this.tidied) !== this.saved);
  readonly mustLook = $derived(this.faults.some(({ section }) => section === 'rules') || mustLook(this.tidied.rules, this.rules));

  constructor(plan: TeamPlan) {
    this.begin(plan.draft ?? plan.current);
  }

  /** From what is saved. */
  begin(version: PlanVersion | null) {
    const body = version ? wholeBody(version.body) : emptyBody();
    this.body = structuredClone(body);
    this.basedOn = version?.id ?? null;
    this.rules = body.rules;
    this.saved = JSON.stringify(sent(body));
  }

  /** Words of before, that were not saved. */
  take({ body, based_on, rules }: Kept) {
    this.body = wholeBody(body);
    this.basedOn = based_on;
    this.rules = rules;
  }

  /** What has to be kept so that nothing is lost. */
  kept = (at: string): Kept => ({ body: $state.snapshot(this.body), based_on: this.basedOn, rules: this.rules, at });
}
