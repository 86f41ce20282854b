/** The inputs of a form that is described by data. What somebody types stays as it is typed, also where it is wrong. */
import { ariaDescribedByIds, type FieldProps, type WidgetProps } from "@rjsf/utils";
import { Input, Select } from "antd";
import { useState } from "react";
import { DateField } from "./DateField";
import { shown } from "./words";

/** As many digits as a number keeps exactly. */
const EXACT = 15;

/** The number that a text is, or the text where it is none. */
export function numberIn(text: string): number | string | undefined {
  const plain = text.normalize("NFKC").trim();
  if (!plain) return undefined;
  const exact = /^[-+]?\d+(\.\d+)?$/.test(plain) && plain.replace(/\D/g, "").length <= EXACT;
  return exact ? Number(plain) : text;
}

/** A number with its text: the form has a number only where the text is one. */
function NumberInput({ id, value, onChange, onBlur, disabled, readonly, required }: WidgetProps) {
  const [text, setText] = useState("");
  // What was typed may say the same number in other signs: full width, or with a zero at its end.
  const typed = numberIn(text) === value ? text : value === undefined ? "" : shown(value);
  return (
    <Input
      id={id}
      className="number"
      inputMode="decimal"
      autoComplete="off"
      aria-required={required}
      aria-describedby={ariaDescribedByIds(id)}
      disabled={disabled || readonly}
      value={typed}
      onChange={(event) => {
        setText(event.target.value);
        onChange(numberIn(event.target.value));
      }}
      onBlur={() => onBlur(id, value)}
    />
  );
}

/** Stands for rjsf's own, which takes `1e5` and `0x10` for numbers. */
export function NumberField(props: FieldProps) {
  const StringField = props.registry.fields.StringField!;
  const chosen = props.schema.enum ?? props.schema.oneOf ?? props.uiSchema?.["ui:widget"];
  return (
    <StringField
      {...props}
      uiSchema={chosen ? props.uiSchema : { ...props.uiSchema, "ui:widget": NumberInput }}
    />
  );
}

/** A date, which may be typed without signs. */
function DateInput({ id, value, onChange, onBlur, disabled, readonly }: WidgetProps) {
  return (
    <DateField
      id={id}
      disabled={disabled || readonly}
      describedBy={ariaDescribedByIds(id)}
      value={(value as string | undefined) ?? null}
      onChange={(text) => onChange(text ?? undefined)}
      onBlur={() => onBlur(id, value)}
    />
  );
}

/** One or several of the choices. Unlike rjsf's own it has no empty row: what need not be chosen can be cleared. */
function ChoiceInput({
  id,
  value,
  options,
  multiple,
  onChange,
  onBlur,
  disabled,
  readonly,
  required,
}: WidgetProps) {
  const choices = options.enumOptions ?? [];
  const place = (one: unknown) => choices.findIndex((choice) => choice.value === one);
  const places = (multiple ? ((value ?? []) as unknown[]) : [value]).map(place).filter((at) => at >= 0);
  return (
    <Select<number | number[]>
      id={id}
      style={{ width: "100%" }}
      mode={multiple ? "multiple" : undefined}
      allowClear={!required}
      aria-describedby={ariaDescribedByIds(id)}
      showSearch={{ optionFilterProp: "label" }}
      getPopupContainer={(node: HTMLElement) => node.parentElement ?? document.body}
      disabled={disabled || readonly}
      options={choices.map(({ label }, at) => ({ value: at, label }))}
      value={multiple ? places : places[0]}
      onChange={(at) =>
        onChange(Array.isArray(at) ? at.map((one) => choices[one]?.value as unknown) : choices[at]?.value)
      }
      onBlur={() => onBlur(id, value)}
    />
  );
}

export const SCHEMA_WIDGETS = { DateWidget: DateInput, SelectWidget: ChoiceInput };
