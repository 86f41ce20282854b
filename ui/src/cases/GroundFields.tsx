import { Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import type { RejectionGround } from "../api/types";
import { Field } from "../shared/Field";
import { GROUNDS } from "./steps";

/** On what ground an application is not accepted, and who is competent instead. */
export interface Grounds {
  ground: RejectionGround | null;
  authority: string;
}

/** What is left to say, if something is. */
export function openGround({ ground, authority }: Grounds): "ground" | "authority" | null {
  if (!ground) return "ground";
  return ground === "not-competent" && !authority.trim() ? "authority" : null;
}

/** Who is competent, where that is not the authority itself. */
export const competentOf = ({ ground, authority }: Grounds): string | null =>
  ground === "not-competent" ? authority.trim() : null;

/** Brings the hand to what is left to say. */
export const focusGround = (prefix: string, open: "ground" | "authority") =>
  document.getElementById(open === "ground" ? `${prefix}-${GROUNDS[0]}` : `${prefix}-authority`)?.focus();

interface Props {
  of: Grounds;
  /** What ids of the fields begin with. */
  prefix: string;
  /** Whether what is left to say is a fault already. */
  insist: boolean;
  onChange: (part: Partial<Grounds>) => void;
}

/** The ground of a rejection (不予受理的情形), the same for window and department. */
export function GroundFields({ of, prefix, insist, onChange }: Props) {
  const { t } = useTranslation();
  const open = insist ? openGround(of) : null;
  return (
    <>
      <Field
        id={`${prefix}-ground`}
        label={t("act.ground")}
        required
        fault={open === "ground" ? t("field.answer-required") : null}
      >
        <Radio.Group
          id={`${prefix}-ground`}
          data-missing={open === "ground"}
          value={of.ground}
          onChange={(event) => onChange({ ground: event.target.value as RejectionGround })}
        >
          {GROUNDS.map((value) => (
            <Radio key={value} id={`${prefix}-${value}`} value={value} data-testid={`${prefix}-${value}`}>
              {t(`ground.${value}`)}
            </Radio>
          ))}
        </Radio.Group>
      </Field>
      {of.ground === "not-competent" && (
        <Field
          id={`${prefix}-authority`}
          label={t("act.authority")}
          required
          fault={open === "authority" ? t("field.required") : null}
        >
          <Input
            id={`${prefix}-authority`}
            data-testid={`${prefix}-authority`}
            lang="zh-CN"
            maxLength={200}
            aria-invalid={open === "authority"}
            value={of.authority}
            onChange={(event) => onChange({ authority: event.target.value })}
          />
        </Field>
      )}
    </>
  );
}
