import { DatePicker } from "antd";
import dayjs from "dayjs";

const DATE = "YYYY-MM-DD";
const FORMATS = [DATE, "YYYYMMDD", "YYYY.M.D", "YYYY/M/D"];

interface Props {
  id: string;
  value: string | null;
  label?: string;
  small?: boolean;
  testId?: string;
  onChange: (day: string | null) => void;
}

/** A day, which may be typed without signs. */
export function DateField({ id, value, label, small, testId, onChange }: Props) {
  return (
    <DatePicker
      id={id}
      className="date-field"
      size={small ? "small" : undefined}
      format={FORMATS}
      aria-label={label}
      placeholder={DATE}
      data-testid={testId}
      value={value ? dayjs(value) : null}
      onChange={(day) => onChange(day ? day.format(DATE) : null)}
    />
  );
}
