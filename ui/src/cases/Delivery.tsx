import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { sendToDepartmentAgain } from "../api/hall-calls";
import type { CaseView, DeliveryView } from "../api/types";
import { useCurrentSession } from "../session/useSession";
import { Problem } from "../shared/Problem";
import { Row, Rows } from "../shared/Rows";
import { moment } from "../shared/text";
import { useCommand, type Command } from "../shared/useCommand";
import { useNamed } from "../shared/words";
import { DeliveryMark } from "./marks";
import { useCaseChanged } from "./queries";

/** Whether the department has been told of a case; a window or the supervisor sends again what it refused. */
export function DeliveryToDepartment({ of: delivery, id }: { of: DeliveryView; id: string }) {
  const { roles } = useCurrentSession().account;
  const changed = useCaseChanged();
  const again = useCommand(
    sendToDepartmentAgain,
    (view: CaseView) => changed(view),
    () => changed(),
  );
  const may = roles.includes("window_clerk") || roles.includes("supervisor");
  return <Delivery of={delivery} id={id} again={may ? again : undefined} />;
}

interface Props {
  of: DeliveryView;
  /** The case or task that it is about. */
  id: string;
  /** For who may send again what was given up. */
  again?: Command<{ id: string; message: string }, unknown>;
}

/** Whether the other side has been told, of what, and if not, why. */
export function Delivery({ of: delivery, id, again }: Props) {
  const { t } = useTranslation();
  const named = useNamed();
  const { state, attempts, last_error, last_error_code, next_at, delivered_at } = delivery;
  const said = delivery.kind.split(".").at(-1);
  return (
    <>
      {state === "failed" && (
        <Alert
          type="warning"
          showIcon
          title={t("delivery.givenUp")}
          description={
            <>
              {last_error_code && <p>{t(`delivery.meaning.${last_error_code}`)}</p>}
              {again && <p>{t("delivery.againHint")}</p>}
            </>
          }
          action={
            again && (
              <Button
                type="primary"
                loading={again.busy}
                onClick={() => void again.run({ id, message: delivery.id })}
                data-testid="delivery-send-again"
              >
                {t("delivery.again")}
              </Button>
            )
          }
        />
      )}
      {again && (
        <Problem
          of={again.problem}
          onRetry={again.problem?.uncertain ? () => void again.retry() : undefined}
        />
      )}
      <Rows>
        <Row title={t("delivery.title")}>
          <DeliveryMark state={state} />
        </Row>
        <Row title={t("delivery.message")}>
          {named(`message.${said}`, delivery.kind)}{" "}
          <span className="quiet">{moment(delivery.queued_at)}</span>
        </Row>
        <Row title={t("delivery.attempts")}>{String(attempts)}</Row>
        {delivered_at && <Row title={t("delivery.at")}>{moment(delivered_at)}</Row>}
        {last_error && state !== "delivered" && (
          <Row title={t("delivery.lastError")}>
            {named(`deliveryError.${last_error_code}`, t("delivery.otherError"))}{" "}
            <span className="quiet" lang="en">
              {last_error}
            </span>
          </Row>
        )}
        {next_at && state !== "delivered" && <Row title={t("delivery.next")}>{moment(next_at)}</Row>}
      </Rows>
    </>
  );
}
