import { Input, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApplicantInput, ApplicantKind } from "../api/types";
import { Field } from "../shared/Field";
import { bareNumber } from "../shared/identity";
import { Section } from "../shared/Page";
import { useNamed, useRefusalWords } from "../shared/words";
import { APPLICANT_FIELDS, OPTIONAL_FIELDS, type ApplicantField, type Gap } from "./filing";

const ID_LENGTH = 18;

const elementId = (field: ApplicantField) => `applicant-${field}`;
const TEST_IDS: Partial<Record<ApplicantField, string>> = { id_number: "applicant-id" };

export const applicantElement = (field: ApplicantField) => document.getElementById(elementId(field));

interface Props {
  applicant: ApplicantInput;
  gaps: Gap[];
  showAll: boolean;
  onChange: (change: Partial<ApplicantInput>) => void;
}

/** Who applies. Numbers are checked while they are typed. */
export function ApplicantBlock({ applicant, gaps, showAll, onChange }: Props) {
  const { t } = useTranslation();
  const [left, setLeft] = useState<ReadonlySet<ApplicantField>>(new Set());
  const { kind } = applicant;

  return (
    <Section
      title={t("applicant.title")}
      aside={
        <Radio.Group
          size="small"
          optionType="button"
          buttonStyle="solid"
          aria-label={t("applicant.kind")}
          value={kind}
          onChange={(event) => onChange({ kind: event.target.value as ApplicantKind })}
          options={[
            { value: "person", label: t("applicant.person") },
            { value: "organisation", label: t("applicant.organisation") },
          ]}
        />
      }
    >
      <div className="fields">
        {APPLICANT_FIELDS[kind].map((field) => (
          <ApplicantFieldInput
            key={field}
            field={field}
            kind={kind}
            value={applicant[field] ?? ""}
            gap={gaps.find((gap) => gap.part === "applicant" && gap.field === field)}
            insist={showAll}
            left={left.has(field)}
            onChange={(value) => onChange({ [field]: value })}
            onLeave={() => setLeft((before) => new Set([...before, field]))}
          />
        ))}
      </div>
    </Section>
  );
}

interface InputProps {
  field: ApplicantField;
  kind: ApplicantKind;
  value: string;
  gap: Gap | undefined;
  insist: boolean;
  left: boolean;
  onChange: (value: string) => void;
  onLeave: () => void;
}

function ApplicantFieldInput({ field, kind, value, gap, insist, left, onChange, onLeave }: InputProps) {
  const { t } = useTranslation();
  const id = elementId(field);
  const label = t(`applicantField.${kind}.${field}`);
  const named = useNamed();
  const sayRefusal = useRefusalWords();
  const fault = gap && gap.part !== "item" ? gap.fault : null;
  const length = bareNumber(value).length;
  const typing = field === "id_number" && length > 0;
  // A full number that is wrong is said at once, a short one when the field is left, an empty one when it is asked for.
  const wrong =
    fault !== null && fault.code !== "required" && (fault.refused || left || (typing && length >= ID_LENGTH));
  const shown = wrong || insist ? fault : null;
  const words =
    shown && named(`identity.${field === "phone" ? "phone" : kind}.${shown.code}`, sayRefusal(shown));
  const hint = typing ? (
    <span className={fault ? "quiet" : "good"}>
      {fault ? t("applicant.digits", { length, of: ID_LENGTH }) : t("applicant.numberRight")}
    </span>
  ) : undefined;

  return (
    <Field id={id} label={label} required={!OPTIONAL_FIELDS.includes(field)} fault={words} hint={hint}>
      <Input
        id={id}
        data-testid={TEST_IDS[field] ?? `applicant-${field}`}
        className={field === "id_number" || field === "phone" ? "number" : undefined}
        autoComplete="off"
        inputMode={field === "phone" ? "tel" : undefined}
        aria-invalid={Boolean(shown)}
        aria-describedby={shown ? `${id}-help` : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onLeave}
      />
    </Field>
  );
}
