import { DatePicker } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DAY_FORMAT, DAY_FORMATS, dayIn, plainDay } from "./day";

interface Props {
  id: string;
  /** The day, or what was typed and is none. */
  value: string | null;
  label?: string;
  small?: boolean;
  testId?: string;
  disabled?: boolean;
  describedBy?: string;
  onChange: (text: string | null) => void;
  onBlur?: () => void;
}

/** A day, which may be typed without signs. What is no day stays in the field, and is told as it was typed. */
export function DateField(props: Props) {
  const { id, value, label, small, testId, disabled, describedBy, onChange, onBlur } = props;
  const { t } = useTranslation();
  const day = dayIn(value);
  const [last, setLast] = useState<Dayjs | null>(day);
  // While a text is no day the calendar keeps the last one: another value would replace the text.
  const known = value === null ? null : (day ?? last);
  if (known?.valueOf() !== last?.valueOf()) setLast(known);
  return (
    <span
      // The calendar tells only days; who asks is to know everything that stands in the field.
      onChange={({ target }) => {
        const text = (target as HTMLInputElement).value;
        onChange(plainDay(text) ?? (text.trim() || null));
      }}
    >
      <DatePicker
        id={id}
        className="date-field"
        size={small ? "small" : undefined}
        disabled={disabled}
        format={DAY_FORMATS}
        preserveInvalidOnBlur
        aria-label={label}
        aria-describedby={describedBy}
        placeholder={t("dayFormat")}
        data-testid={testId}
        value={known}
        onChange={(day) => onChange(day ? day.format(DAY_FORMAT) : null)}
        onBlur={onBlur}
      />
    </span>
  );
}
