import { Button, Radio } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ApplicantInput, ApplicantKind } from "../api/types";
import type { IdCard } from "../devices/calls";
import { ReadCard } from "../devices/ReadCard";
import { Section } from "../shared/Page";
import { day } from "../shared/text";
import { useRefusalWords } from "../shared/words";
import { APPLICANT_FIELDS, OPTIONAL_FIELDS, type ApplicantField, type Gap } from "./filing";
import { PersonField } from "./PersonField";

const elementId = (field: ApplicantField) => `applicant-${field}`;
const TEST_IDS: Partial<Record<ApplicantField, string>> = { id_number: "applicant-id" };
const KIND = "applicant-kind";
const ACTING = "agent-toggle";

export const applicantElement = (field: ApplicantField) => document.getElementById(elementId(field));
export const actingElement = () => document.getElementById(ACTING);
export const kindElement = () => document.getElementById(KIND);

interface Props {
  applicant: ApplicantInput;
  /** Who may apply (服务对象). */
  subjects: ApplicantKind[];
  acting: boolean;
  gaps: Gap[];
  showAll: boolean;
  /** When the hall was told what it filled in here; null where somebody typed. */
  since: (field: ApplicantField) => string | null;
  onChange: (change: Partial<ApplicantInput>) => void;
  onCard: (card: IdCard, at: Element | null) => void;
  /** The field is done with. */
  onEnter: () => void;
  onActing: () => void;
  children?: ReactNode;
}

/** Who applies. Numbers are checked while they are typed. */
export function ApplicantBlock(props: Props) {
  const { applicant, subjects, acting, gaps, showAll, since } = props;
  const { onChange, onCard, onEnter, onActing, children } = props;
  const { t } = useTranslation();
  const sayRefusal = useRefusalWords();
  const [left, setLeft] = useState<ReadonlySet<ApplicantField>>(new Set());
  const { kind } = applicant;
  const kindGap = gaps.find((gap) => gap.part === "kind");
  const choice = (value: ApplicantKind) => ({
    value,
    label: t(`applicant.${value}`),
    disabled: !subjects.includes(value) && value !== kind,
  });

  return (
    <Section
      title={t("applicant.title")}
      aside={
        <span className="buttons">
          <Radio.Group
            id={KIND}
            size="small"
            optionType="button"
            buttonStyle="solid"
            aria-label={t("applicant.kind")}
            value={kind}
            onChange={(event) => onChange({ kind: event.target.value as ApplicantKind })}
            options={[choice("person"), choice("organisation")]}
          />
          <Button
            id={ACTING}
            size="small"
            aria-expanded={acting}
            onClick={onActing}
            data-testid="agent-toggle"
          >
            {t("agent.title")} <kbd>Alt+A</kbd>
          </Button>
        </span>
      }
    >
      {kindGap?.part === "kind" && <p className="bad">{sayRefusal(kindGap.fault)}</p>}
      <ReadCard
        // An agent's card may be read too.
        somebody={kind === "person" || acting}
        numbers={[applicant.id_number]}
        onCard={onCard}
      />
      <div className="fields">
        {APPLICANT_FIELDS[kind].map((field) => {
          const gap = gaps.find((one) => one.part === "applicant" && one.field === field);
          const at = since(field);
          return (
            <PersonField
              key={field}
              id={elementId(field)}
              testId={TEST_IDS[field] ?? elementId(field)}
              label={t(`applicantField.${kind}.${field}`)}
              required={!OPTIONAL_FIELDS.includes(field)}
              number={field === "id_number" ? kind : field === "phone" ? "phone" : null}
              value={applicant[field] ?? ""}
              fault={gap?.part === "applicant" ? gap.fault : null}
              insist={showAll}
              left={left.has(field)}
              note={at ? t("known.since", { at: day(at) }) : undefined}
              onEnter={onEnter}
              onChange={(value) => onChange({ [field]: value })}
              onLeave={() => setLeft((before) => new Set([...before, field]))}
            />
          );
        })}
      </div>
      {children}
    </Section>
  );
}
