import { Input } from "antd";
import { useTranslation } from "react-i18next";
import type { ApplicantKind } from "../api/types";
import { Field } from "../shared/Field";
import { bareNumber } from "../shared/identity";
import { isEnter } from "../shared/shortcuts";
import { useNamed, useRefusalWords } from "../shared/words";
import type { Fault } from "./filing";

const ID_LENGTH = 18;

interface Props {
  id: string;
  testId: string;
  label: string;
  required: boolean;
  /** Whose number it is, or that it is a telephone's; null for words. */
  number: ApplicantKind | "phone" | null;
  value: string;
  fault: Fault | null;
  /** Everything that is wrong is said. */
  insist: boolean;
  left: boolean;
  /** Where what stands here comes from. */
  note?: string;
  onEnter?: () => void;
  onChange: (value: string) => void;
  onLeave: () => void;
}

/** One thing that is asked of a person or an organisation. */
export function PersonField(props: Props) {
  const {
    id,
    testId,
    label,
    required,
    number,
    value,
    fault,
    insist,
    left,
    note,
    onEnter,
    onChange,
    onLeave,
  } = props;
  const { t } = useTranslation();
  const named = useNamed();
  const sayRefusal = useRefusalWords();
  const length = bareNumber(value).length;
  const typing = number !== null && number !== "phone" && length > 0;
  // A full number that is wrong is said at once, a short one when the field is left, an empty one when it is asked for.
  const wrong =
    fault !== null && fault.code !== "required" && (fault.refused || left || (typing && length >= ID_LENGTH));
  const shown = wrong || insist ? fault : null;
  const words = shown && named(`identity.${number ?? "person"}.${shown.code}`, sayRefusal(shown));
  const hint = typing ? (
    <span className={fault ? "quiet" : "good"}>
      {fault ? t("applicant.digits", { length, of: ID_LENGTH }) : t("applicant.numberRight")}
    </span>
  ) : note ? (
    <span className="quiet">{note}</span>
  ) : undefined;

  return (
    <Field id={id} label={label} required={required} fault={words} hint={hint}>
      <Input
        id={id}
        data-testid={testId}
        className={number ? "number" : undefined}
        autoComplete="off"
        inputMode={number === "phone" ? "tel" : undefined}
        aria-invalid={Boolean(shown)}
        aria-describedby={shown ? `${id}-help` : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (!onEnter || !isEnter(event) || event.ctrlKey) return;
          event.preventDefault();
          onEnter();
        }}
        onBlur={onLeave}
      />
    </Field>
  );
}
