import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Failure } from "../api/failure";
import { useFieldProblemWords, useProblemWords } from "./words";

interface Props {
  of: Failure | null;
  /** The name a person knows a field by. */
  nameOf?: (pointer: string) => string | undefined;
  onRetry?: () => void;
}

const unnamed = () => undefined;

/** What went wrong, said in words, with each field and its value; nothing when nothing did. */
export function Problem({ of: failure, nameOf = unnamed, onRetry }: Props) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const sayField = useFieldProblemWords();
  if (!failure) return null;

  const retry = onRetry && (
    <Button size="small" onClick={onRetry}>
      {t("again")}
    </Button>
  );
  const fields = failure.errors.length > 0 && (
    <ul className="plain-list">
      {failure.errors.map((error) => (
        <li key={error.pointer + error.code}>{sayField(error, nameOf)}</li>
      ))}
    </ul>
  );
  return (
    <Alert
      className="problem"
      type="error"
      role="alert"
      showIcon
      title={say(failure)}
      description={fields}
      action={retry}
    />
  );
}
