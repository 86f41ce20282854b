import { App, Button } from "antd";
import { useTranslation } from "react-i18next";

/** The number as it is said, with a way to take it along. */
export function CaseNumber({ number, spoken, testId }: { number: string; spoken: string; testId?: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = () => navigator.clipboard?.writeText(number).then(() => void message.success(t("copied")));
  return (
    <span className="case-number">
      <span className="number" data-testid={testId} data-number={number}>
        {spoken}
      </span>
      <Button size="small" onClick={() => void copy()} aria-label={t("copyNumber")}>
        {t("copy")}
      </Button>
    </span>
  );
}
