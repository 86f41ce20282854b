import { Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import type { AgentInput, CaseView, Collector, CollectorRelation } from "../api/types";
import type { IdCard } from "../devices/calls";
import { ReadCard } from "../devices/ReadCard";
import { Field } from "../shared/Field";
import { bareNumber, citizenIdFault } from "../shared/identity";
import { useRefusalWords } from "../shared/words";

/** Whom the applicant may be stood for by, the usual one first. */
export const relationsOf = ({ applicant }: CaseView): CollectorRelation[] =>
  applicant?.kind === "organisation" ? ["agent", "representative"] : ["self", "agent"];

const knownName = ({ applicant, agent }: CaseView, relation: CollectorRelation): string =>
  (relation === "agent"
    ? agent?.name
    : relation === "representative"
      ? applicant?.legal_representative
      : applicant?.name) ?? "";

/** Who usually comes: the applicant, or the agent of the case. */
export function firstCollector(view: CaseView): Collector {
  const relation: CollectorRelation = view.agent ? "agent" : relationsOf(view)[0]!;
  return { name: knownName(view, relation), id_number: "", relation };
}

/** Another relation, with the name that is known for it. A name that somebody typed stays. */
export function related(view: CaseView, before: Collector, relation: CollectorRelation): Collector {
  const typed = before.name !== knownName(view, before.relation);
  return { ...before, relation, name: typed ? before.name : knownName(view, relation) };
}

/** Whether a number is the one of which the hall shows only some characters. */
const isShownAs = (typed: string, shown: string) =>
  typed.length === shown.length &&
  [...shown.toUpperCase()].every((sign, at) => sign === "*" || sign === typed[at]);

/** The agent of the case, if that is who stands here: by the number, and until that is whole by the name. */
function knownAgent({ agent }: CaseView, { relation, name, id_number }: Collector) {
  if (relation !== "agent" || !agent) return null;
  const typed = bareNumber(id_number);
  const same =
    typed.length < agent.id_number.length ? name.trim() === agent.name : isShownAs(typed, agent.id_number);
  return same ? agent : null;
}

/** Who stands here, as their card says: the applicant or the agent of the case by the number, or else somebody who shows a paper. */
export function withCardOf(
  view: CaseView,
  { relation: chosen }: Collector,
  card: IdCard,
): Partial<Collector> {
  const { applicant, agent } = view;
  const number = bareNumber(card.number);
  const person = applicant?.kind === "person";
  // Where nobody knows who stands for an organisation, the clerk has said it.
  let relation: CollectorRelation = person || applicant?.legal_representative ? "agent" : chosen;
  if (agent && isShownAs(number, agent.id_number)) relation = "agent";
  else if (person && isShownAs(number, applicant.id_number)) relation = "self";
  else if (card.name === applicant?.legal_representative) relation = "representative";
  return { name: card.name, id_number: number, relation };
}

const hasEnded = ({ until }: AgentInput, today: string) => Boolean(until && until < today);

/** Whether a paper has to say that this person may: the agent of the case was authorised when it was taken, for a time. */
function needsAuthority(view: CaseView, collector: Collector, today: string): boolean {
  const agent = knownAgent(view, collector);
  return collector.relation === "agent" && (!agent || hasEnded(agent, today));
}

/** Why a number cannot be that of who stands here: it is none, or another person's where the applicant is said to be here. */
function numberFault({ applicant }: CaseView, { relation, id_number }: Collector, today: string) {
  if (!id_number.trim()) return "required";
  const fault = citizenIdFault(id_number, today);
  if (fault || relation !== "self" || !applicant) return fault;
  return isShownAs(bareNumber(id_number), applicant.id_number) ? null : "not-the-applicant";
}

/** The first field that keeps somebody from taking anything, if one does. */
export function openField(view: CaseView, collector: Collector, today: string): keyof Collector | null {
  if (!collector.name.trim()) return "name";
  if (numberFault(view, collector, today)) return "id_number";
  return needsAuthority(view, collector, today) && !collector.authority?.trim() ? "authority" : null;
}

/** As it is sent: without what is empty, or belongs to another relation. */
export function tidied(collector: Collector): Collector {
  const { relation } = collector;
  const authority = relation === "agent" ? collector.authority?.trim() : "";
  const note = collector.note?.trim();
  return {
    name: collector.name.trim(),
    id_number: bareNumber(collector.id_number),
    relation,
    ...(authority ? { authority } : {}),
    ...(note ? { note } : {}),
  };
}

export const collectorId = (prefix: string, field: keyof Collector) =>
  `${prefix}-${field === "id_number" ? "id" : field}`;

interface Props {
  of: CaseView;
  collector: Collector;
  /** What ids of the fields begin with. */
  prefix: string;
  today: string;
  /** Whether empty fields are faults already. */
  insist: boolean;
  /** What the hall found wrong with what stands here. */
  refused?: Failure | null;
  onChange: (change: Partial<Collector>) => void;
}

/** Who stands at the desk: name, number of the card, and by which paper when it is not the applicant. */
export function CollectorFields({ of: view, collector, prefix, today, insist, refused, onChange }: Props) {
  const { t } = useTranslation();
  const sayRefusal = useRefusalWords();
  const told = (field: keyof Collector) => {
    const error = refused?.errors.find(({ pointer }) => pointer.endsWith(`/${field}`));
    return error ? sayRefusal(error) : null;
  };
  const { relation } = collector;
  const id = (field: keyof Collector) => collectorId(prefix, field);
  const typed = bareNumber(collector.id_number).length;
  const idFault = numberFault(view, collector, today);
  const shownFault = idFault && (insist || typed >= 18) ? idFault : null;
  const sayNumber = (fault: NonNullable<typeof idFault>) =>
    fault === "required" || fault === "not-the-applicant"
      ? t(`field.${fault}`)
      : t(`identity.person.${fault}`);
  const required = (missing: boolean) => (insist && missing ? t("field.required") : null);
  const agent = knownAgent(view, collector);
  const ended = agent && hasEnded(agent, today) ? agent.until : null;
  const insists = needsAuthority(view, collector, today);
  const registered = relation === "self" ? view.applicant?.id_number : agent?.id_number;
  return (
    <>
      <div className="field-wide">
        <ReadCard
          somebody
          numbers={[collector.id_number]}
          onCard={(card) => onChange(withCardOf(view, collector, card))}
        />
      </div>
      <Field
        id={id("name")}
        label={t("deliver.name")}
        required
        fault={required(!collector.name.trim()) ?? told("name")}
        hint={agent ? t("deliver.isAgent") : undefined}
      >
        <Input
          id={id("name")}
          data-testid={id("name")}
          autoComplete="off"
          value={collector.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <Field
        id={id("id_number")}
        label={t("deliver.idNumber")}
        required
        fault={shownFault ? sayNumber(shownFault) : told("id_number")}
        hint={
          typed > 0 ? (
            <span className={idFault ? "quiet" : "good"}>
              {idFault ? t("applicant.digits", { length: typed, of: 18 }) : t("applicant.numberRight")}
            </span>
          ) : (
            registered && t("deliver.idHint", { id: registered })
          )
        }
      >
        <Input
          id={id("id_number")}
          data-testid={id("id_number")}
          className="number"
          autoComplete="off"
          value={collector.id_number}
          onChange={(event) => onChange({ id_number: event.target.value })}
        />
      </Field>
      {relation === "agent" && (
        <Field
          id={id("authority")}
          className="field-wide"
          label={t("deliver.authority")}
          required={insists}
          fault={required(insists && !collector.authority?.trim()) ?? told("authority")}
          hint={
            ended
              ? t("deliver.authorityEnded", { until: ended })
              : agent
                ? t("deliver.authorityKnown", {
                    authority: agent.authority,
                    until: agent.until ?? t("decision.forever"),
                  })
                : t("deliver.authorityHint")
          }
        >
          <Input
            id={id("authority")}
            data-testid={id("authority")}
            autoComplete="off"
            maxLength={200}
            value={collector.authority ?? ""}
            onChange={(event) => onChange({ authority: event.target.value })}
          />
        </Field>
      )}
    </>
  );
}

/** Brings the keyboard to the first field that the hall did not take; false where it is none of these. */
export function focusRefused<Name>({ errors }: Failure, idOf: (field: Name) => string): boolean {
  const ids = errors.map(({ pointer }) => idOf(pointer.split("/").at(-1) as Name));
  const field = ids.map((id) => document.getElementById(id)).find((one) => one);
  field?.focus();
  return Boolean(field);
}

interface WayProps<Way extends string> {
  label: string;
  value: Way;
  options: { value: Way; label: string }[];
  onChange: (value: Way) => void;
}

/** A choice of few ways, all in sight. */
export function Ways<Way extends string>({ label, value, options, onChange }: WayProps<Way>) {
  return (
    <Radio.Group
      className="deliver-relation"
      optionType="button"
      buttonStyle="solid"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value as Way)}
      options={options}
    />
  );
}
