import { DatePicker, Input } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DAY_FORMAT, DAY_FORMATS, dayIn, isNoDay, plainDay } from "./day";

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
  // A calendar begins with no text that is none of its days.
  const [asText, setAsText] = useState(() => isNoDay(props.value));
  return asText ? <DayText {...props} onDay={() => setAsText(false)} /> : <Calendar {...props} />;
}

const told = (text: string) => plainDay(text) ?? (text.trim() || null);

/** What was typed before and is no day, until it is left as one. */
function DayText(props: Props & { onDay: () => void }) {
  const { id, value, label, small, testId, disabled, describedBy, onChange, onBlur, onDay } = props;
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? "");
  return (
    <Input
      id={id}
      className="date-field"
      size={small ? "small" : undefined}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={isNoDay(text)}
      status={isNoDay(text) ? "error" : undefined}
      placeholder={t("dayFormat")}
      data-testid={testId}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        onChange(told(target.value));
      }}
      onBlur={() => {
        onBlur?.();
        if (!isNoDay(text)) onDay();
      }}
    />
  );
}

function Calendar(props: Props) {
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
        onChange(told((target as HTMLInputElement).value));
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
